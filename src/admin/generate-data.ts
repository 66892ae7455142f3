import type { AdaptorSettings } from "../contracts/adaptor.ts";
import type { GeneratedData } from "../contracts/endpoints/connects.ts";
import type { AdaptorId, LeadId } from "../contracts/ids.ts";
import { generatedData } from "../core/generated-data.ts";
import { badInput, tooLargeProblem } from "../core/problem-error.ts";
import { mappingContext } from "../store/mapping-context.ts";
import { draftAdaptor, type Previewer } from "./draft-adaptor.ts";
import { snapshotFor } from "./preview-snapshot.ts";

export type GenerateFor = {
  /** The saved adaptor; with `adaptor`, whose stored secrets a mask stands for. */
  readonly adaptor_id?: AdaptorId | undefined;
  readonly adaptor?: AdaptorSettings | undefined;
  /** Default: the latest lead, else samples. */
  readonly lead_id?: LeadId | undefined;
};

/** What an adaptor makes of a lead, in the three ways a vendor may want it, by the builder that sends. */
export async function generateData(reader: Previewer, of: GenerateFor): Promise<GeneratedData> {
  const context = await mappingContext(reader.scope);
  const adaptor = await draftAdaptor(reader, of.adaptor_id, of.adaptor, context.customFields);
  if (adaptor === null) throw badInput("adaptor_id", "name a saved adaptor, or send the rows of one");
  const lead = await snapshotFor(reader.scope, of.lead_id);
  await reader.takeTurn();
  const made = generatedData(adaptor.stored, lead.snapshot, { ...context, now: lead.now, sampleCall: lead.sampled });
  if (!made.ok) throw tooLargeProblem(made);
  return {
    get: made.get,
    raw: made.post_raw,
    json: made.post_json,
    trace: [...made.trace],
    warnings: [
      ...adaptor.warnings.map(({ path, message }) => ({ path: path.replace(/^adaptor\./, ""), message })),
      ...made.warnings.filter(({ path }) => !adaptor.warnings.some((known) => known.path === `adaptor.${path}`)),
    ],
    lead_id: lead.leadId,
  };
}
