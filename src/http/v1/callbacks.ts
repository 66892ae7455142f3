import type { AgentId, CampaignId, LeadId } from "../../contracts/ids.ts";
import { parseDate } from "../../core/parse-date.ts";
import { formatDate } from "../../core/format-date.ts";
import { noHandover } from "../../engine/handover.ts";
import { storeAndDecide } from "../../engine/take-lead-change.ts";
import { accountScope, type AccountScope } from "../../store/account-scope.ts";
import {
  deleteCallback,
  insertCallback,
  searchCallbacks,
  updateCallback,
  type CallbackRow,
} from "../../store/callbacks.ts";
import { findLead } from "../../store/leads.ts";
import { mappingContext } from "../../store/mapping-context.ts";
import { findAgentId, findCampaignId } from "../../store/v1-references.ts";
import type { V1Endpoint } from "./endpoint.ts";
import { businessErrorSaying } from "./envelope.ts";
import { listAnswer, present, presentId, readPage } from "./read-page.ts";
import type { Parameters } from "./parameters.ts";

const noneMatches = (): object => businessErrorSaying(6000, "Missing callbacks", "No callback matches");
const noSuchCallback = (): object => businessErrorSaying(6038, "No such Callback");

/** `data.results[]`, soonest first. */
const search: V1Endpoint = {
  name: "callbacks/search",
  handle: async ({ parameters, token }, { db }) => {
    const page = readPage(parameters);
    if ("refused" in page) return page.refused;
    const scope = accountScope(db, token.accountId);
    const { timeZone } = await mappingContext(scope);
    const [id, leadId] = [presentId(parameters, "callback_id", "id"), presentId(parameters, "lead_id")];
    const from = present(parameters, "start_date");
    const to = present(parameters, "end_date");
    const [fromAt, toAt] = [readTime(from, timeZone), readTime(to, timeZone, true)];
    if (fromAt === null || toAt === null)
      return businessErrorSaying(
        7237,
        "Invalid callback_time",
        `${fromAt === null ? "start_date" : "end_date"} is not a date`,
      );
    const named = await readNames(scope, parameters);
    if ("refused" in named) return named.refused;
    if (id === null || leadId === null) return noneMatches();
    const found = await searchCallbacks(
      scope,
      {
        id,
        leadId,
        agentId: named.agentId,
        campaignId: named.campaignId,
        status: present(parameters, "status"),
        from: fromAt,
        to: toAt,
      },
      page,
    );
    if (found.total === 0) return noneMatches();
    const shownRows = found.rows.map((row) => shown(row, timeZone));
    return listAnswer(page, found.total, shownRows, "results");
  },
};

/** A callback that the API schedules is an event, as one that the dialler tells. */
const insert: V1Endpoint = {
  name: "callbacks/insert",
  takesWork: true,
  handle: async ({ parameters, token }, { db }) =>
    db.transaction(async (tx) => {
      const scope = accountScope(tx, token.accountId);
      const leadId = presentId(parameters, "lead_id");
      const time = present(parameters, "callback_time");
      if (leadId === undefined || time === undefined)
        return businessErrorSaying(
          6023,
          "Required fields are missed",
          `${leadId === undefined ? "lead_id" : "callback_time"} is missing`,
        );
      const lead = leadId === null ? null : await findLead(scope, leadId as LeadId, true);
      if (lead === null) return businessErrorSaying(6001, "No such Lead");
      const { timeZone } = await mappingContext(scope);
      const at = readTime(time, timeZone);
      if (at === null || at === undefined) return badTime(time);
      const named = await readNames(scope, parameters);
      if ("refused" in named) return named.refused;
      const comments = present(parameters, "comments") ?? "";
      const id = await insertCallback(scope, {
        leadId: lead.id,
        campaignId: named.campaignId ?? lead.campaign_id,
        agentId: named.agentId ?? null,
        at,
        comments,
      });
      const scheduled = {
        type: "callback.scheduled",
        at: new Date(),
        lead,
        call: null,
        source: { kind: "token", id: token.id, name: token.name } as const,
        statusChange: null,
        callback: { at: at.toISOString(), comments },
      };
      await storeAndDecide(tx, scope, [scheduled], noHandover);
      return { success: true, data: { callback_id: id, id }, id };
    }),
};

const update: V1Endpoint = {
  name: "callbacks/update",
  takesWork: true,
  handle: async ({ parameters, token }, { db }) => {
    const scope = accountScope(db, token.accountId);
    const id = presentId(parameters, "callback_id", "id");
    if (id === undefined) return businessErrorSaying(6023, "Required fields are missed", "callback_id is missing");
    if (id === null) return noSuchCallback();
    const time = present(parameters, "callback_time");
    const { timeZone } = await mappingContext(scope);
    const at = readTime(time, timeZone);
    if (at === null) return badTime(time!);
    const named = await readNames(scope, parameters);
    if ("refused" in named) return named.refused;
    const comments = present(parameters, "comments");
    const status = present(parameters, "status");
    const changed = await updateCallback(scope, id, {
      ...(at === undefined ? {} : { at }),
      ...(comments === undefined ? {} : { comments }),
      ...(status === undefined ? {} : { status: status.slice(0, 100) }),
      ...(named.agentId === undefined ? {} : { agentId: named.agentId }),
      ...(named.campaignId === undefined ? {} : { campaignId: named.campaignId }),
    });
    return changed ? { success: true, data: { callback_id: id, id }, id } : noSuchCallback();
  },
};

const remove: V1Endpoint = {
  name: "callbacks/delete",
  handle: async ({ parameters, token }, { db }) => {
    const id = presentId(parameters, "callback_id", "id");
    if (id === undefined) return businessErrorSaying(6023, "Required fields are missed", "callback_id is missing");
    const gone = id !== null && (await deleteCallback(accountScope(db, token.accountId), id));
    return gone ? { success: true } : noSuchCallback();
  },
};

/** Spec 5.1, `callbacks/…`: what workflows and diallers schedule, for the dialler to read. */
export const callbackEndpoints: readonly V1Endpoint[] = [search, insert, update, remove];

type Named = { readonly agentId: AgentId | undefined; readonly campaignId: CampaignId | undefined };

async function readNames(scope: AccountScope, parameters: Parameters): Promise<Named | { readonly refused: object }> {
  const user = present(parameters, "user_id", "agent_id");
  const campaign = present(parameters, "campaign_id");
  const agentId = user === undefined || user === "0" ? undefined : await findAgentId(scope, user);
  const campaignId = campaign === undefined || campaign === "0" ? undefined : await findCampaignId(scope, campaign);
  if (agentId === null) return { refused: businessErrorSaying(6006, "No such User", `There is no agent ${user}`) };
  if (campaignId === null)
    return { refused: businessErrorSaying(6023, "Required fields are missed", `There is no campaign ${campaign}`) };
  return { agentId, campaignId };
}

const badTime = (text: string): object =>
  businessErrorSaying(7237, "Invalid callback_time", `${text.slice(0, 40)} is not a time such as 2024-03-15 14:30:00`);

/** In the account's zone unless it names its own; `until`: a day alone means its end. undefined: absent; null: no time. */
function readTime(text: string | undefined, timeZone: string, until = false): Date | null | undefined {
  if (text === undefined) return undefined;
  const whole = until && /^\d{4}-\d\d-\d\d$/.test(text) ? `${text} 23:59:59` : text;
  const at = parseDate(whole, "", timeZone, "datetime");
  return at === null ? null : new Date(at);
}

function shown(row: CallbackRow, timeZone: string): object {
  const write = (at: Date): string =>
    formatDate(
      at.toISOString(),
      "datetime",
      "Y-m-d H:i:s",
      timeZone,
      Temporal.Instant.fromEpochMilliseconds(at.getTime()),
    ) ?? "";
  return {
    id: row.id,
    callback_id: row.id,
    lead_id: row.lead_id,
    list_id: row.list_id,
    campaign_id: row.campaign_id,
    phone_number: row.phone_number ?? "",
    user_id: row.agent ?? "",
    callback_time: write(row.callback_at),
    entry_time: write(row.created_at),
    status: row.status,
    comments: row.comments,
  };
}
