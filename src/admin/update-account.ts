import { isDeepStrictEqual } from "node:util";
import { fieldCatalog } from "../contracts/fields.ts";
import { checkDatePattern } from "../core/date-pattern.ts";
import { badInput } from "../core/problem-error.ts";
import { lockAccount, updateAccount as updateRow, type AccountRow, type AccountSettings } from "../store/accounts.ts";
import { listLeadFields } from "../store/lead-fields.ts";
import { checkTimeZone } from "./check-time-zone.ts";
import { recordSave, refuseTaken, withChanges, type Change, type Changes } from "./change.ts";

/** Changes the account's settings; what is not named stays. */
export async function updateAccount(change: Change, values: Changes<AccountSettings>): Promise<AccountRow> {
  const old = await lockAccount(change.scope);
  const before = settingsOf(old);
  const after = withChanges(before, values);
  // an account may have a zone from before zones were checked like this: it stays until somebody chooses another
  if (values.time_zone !== undefined && values.time_zone !== before.time_zone)
    Object.assign(after, { time_zone: checkTimeZone(values.time_zone) });
  if (values.date_format !== undefined) checkDateFormat(after.date_format);
  if (values.fields_masked_in_logs !== undefined)
    Object.assign(after, { fields_masked_in_logs: await fieldKeys(change, values.fields_masked_in_logs) });
  if (isDeepStrictEqual(before, after)) return old;
  const row = await refuseTaken({ accounts_name_key: "name: Another account here has this name" }, () =>
    updateRow(change.scope, after),
  );
  await recordSave(change, { kind: "account", id: row.id, name: row.name, action: "update", before, after });
  return row;
}

function settingsOf({ name, time_zone, date_format, fields_masked_in_logs }: AccountRow): AccountSettings {
  return { name, time_zone, date_format, fields_masked_in_logs };
}

function checkDateFormat(pattern: string): void {
  const checked = checkDatePattern(pattern);
  if (!checked.ok)
    throw badInput(
      "date_format",
      `The letter ${checked.letter} at character ${checked.position} has no meaning. Write \\${checked.letter} to have it as it is`,
    );
}

/** Lead fields by name or key, as their keys. */
async function fieldKeys(change: Change, names: readonly string[]): Promise<string[]> {
  const catalog = fieldCatalog(await listLeadFields(change.scope)).filter(({ section }) => section === "lead");
  return names.map((name, index) => {
    const field = catalog.find((known) => known.key === name || known.name === name);
    if (field === undefined) throw badInput(`fields_masked_in_logs[${index}]`, `${name} is no lead field`);
    return field.key;
  });
}
