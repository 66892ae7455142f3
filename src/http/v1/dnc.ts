import type { CampaignId } from "../../contracts/ids.ts";
import { formatDate } from "../../core/format-date.ts";
import { normalizePhone } from "../../core/normalize-phone.ts";
import { accountScope, type AccountScope } from "../../store/account-scope.ts";
import { deleteDncNumbers, insertDncNumber, searchDncNumbers, type DncRow } from "../../store/dnc.ts";
import { mappingContext } from "../../store/mapping-context.ts";
import { findCampaignId } from "../../store/v1-references.ts";
import type { V1Endpoint } from "./endpoint.ts";
import { businessErrorSaying } from "./envelope.ts";
import { listAnswer, present, presentId, readPage } from "./read-page.ts";
import type { Parameters } from "./parameters.ts";

const textMax = 255;

const search: V1Endpoint = {
  name: "dnc/search",
  handle: async ({ parameters, token }, { db }) => {
    const page = readPage(parameters);
    if ("refused" in page) return page.refused;
    const scope = accountScope(db, token.accountId);
    const which = await readWhich(scope, parameters);
    if ("refused" in which) return which.refused;
    const id = presentId(parameters, "id", "dnc_id");
    const { timeZone } = await mappingContext(scope);
    const found = id === null ? { total: 0, rows: [] } : await searchDncNumbers(scope, { ...which, id }, page);
    return listAnswer(
      page,
      found.total,
      found.rows.map((row) => shown(row, timeZone)),
      "entries",
    );
  },
};

const insert: V1Endpoint = {
  name: "dnc/insert",
  takesWork: true,
  handle: async ({ parameters, token }, { db }) => {
    const scope = accountScope(db, token.accountId);
    const which = await readWhich(scope, parameters);
    if ("refused" in which) return which.refused;
    const { phoneNumber, phoneCode, campaignId } = which;
    if (phoneNumber === undefined || phoneCode === undefined) return badNumber("phone_number is missing");
    const [purpose, reason] = [present(parameters, "purpose") ?? "", present(parameters, "reason") ?? ""];
    if (purpose.length > textMax)
      return businessErrorSaying(6057, "Invalid Purpose", `purpose is longer than ${textMax} characters`);
    if (reason.length > textMax)
      return businessErrorSaying(6058, "Invalid Reason", `reason is longer than ${textMax} characters`);
    const id = await insertDncNumber(scope, {
      phoneNumber,
      phoneCode,
      campaignId: campaignId ?? null,
      purpose,
      reason,
    });
    if (id === null) return businessErrorSaying(6008, "The phone number already exists");
    return { success: true, data: { dnc_id: id, id }, id };
  },
};

/** By id, or by number: everywhere and in every campaign unless one is named. */
const remove: V1Endpoint = {
  name: "dnc/delete",
  handle: async ({ parameters, token }, { db }) => {
    const scope = accountScope(db, token.accountId);
    const which = await readWhich(scope, parameters);
    if ("refused" in which) return which.refused;
    const id = presentId(parameters, "id", "dnc_id");
    if (id === undefined && which.phoneNumber === undefined) return badNumber("phone_number is missing");
    const deleted = id === null ? 0 : await deleteDncNumbers(scope, { ...which, id });
    return deleted > 0 ? { success: true, data: { deleted } } : badNumber("This number is not on the list");
  },
};

/** Spec 5.1, `dnc/…`: numbers that are not to be called. */
export const dncEndpoints: readonly V1Endpoint[] = [search, insert, remove];

type Which = {
  readonly phoneNumber: string | undefined;
  readonly phoneCode: string | undefined;
  readonly campaignId: CampaignId | undefined;
};

async function readWhich(scope: AccountScope, parameters: Parameters): Promise<Which | { readonly refused: object }> {
  const campaign = present(parameters, "campaign_id");
  const campaignId = campaign === undefined || campaign === "0" ? undefined : await findCampaignId(scope, campaign);
  if (campaignId === null)
    return { refused: businessErrorSaying(6006, "Invalid Campaign ID", `There is no campaign ${campaign}`) };
  const phone = present(parameters, "phone_number");
  if (phone === undefined) return { phoneNumber: undefined, phoneCode: undefined, campaignId };
  const number = normalizePhone(phone, present(parameters, "phone_code"));
  if (!number.ok) return { refused: badNumber(`${phone.slice(0, 40)} can't be a phone number`) };
  return { phoneNumber: number.phone_number, phoneCode: number.phone_code, campaignId };
}

const badNumber = (detail: string): object => businessErrorSaying(6007, "Invalid Phone Number", detail);

function shown(row: DncRow, timeZone: string): object {
  const at = row.created_at.toISOString();
  return {
    id: row.id,
    phone_number: row.phone_number,
    phone_code: row.phone_code,
    campaign_id: row.campaign_id,
    campaign_name: row.campaign_name ?? "",
    purpose: row.purpose,
    reason: row.reason,
    created_at: formatDate(at, "datetime", "Y-m-d H:i:s", timeZone, Temporal.Instant.from(at)) ?? "",
  };
}
