import type { LeadId } from "../contracts/ids.ts";
import { refusedLeadSearch } from "../contracts/masked-filters.ts";
import { ProblemError } from "../core/problem-error.ts";
import { listLeads, type LeadRow, type LeadSearch } from "../store/leads.ts";
import type { Caller } from "./caller.ts";

/**
 * The leads that a reader finds by a text: a phone, an e-mail, an id or a name; who sees personal data masked finds them by
 * id alone.
 * @param orNone finds nothing where such a reader searches by anything else; without it, throws `forbidden`.
 */
export async function findLeadsFor(
  { scope, role }: Pick<Caller, "scope" | "role">,
  { text = "", ...rest }: LeadSearch,
  limit: number,
  orNone = false,
): Promise<LeadRow[]> {
  const asked = text.trim();
  const refusal = asked === "" ? null : refusedLeadSearch({ role });
  if (refusal === null) return listLeads(scope, { ...rest, text: asked }, limit);
  const found = /^\d{1,15}$/.test(asked) ? await listLeads(scope, { ...rest, id: Number(asked) as LeadId }, limit) : [];
  // so few digits are no phone
  if (found.length > 0 || orNone || /^\d{1,6}$/.test(asked)) return found;
  throw new ProblemError("forbidden", { detail: refusal, errors: [{ path: "search", message: refusal }] });
}

/** Whether a text can be nothing but a phone or an e-mail. */
export const isPersonal = (text: string): boolean =>
  text.includes("@") || (/^[\d\s()+.-]+$/.test(text) && text.replaceAll(/\D/g, "").length > 6);
