import type { ConnectSettings, Warning } from "../contracts/connect.ts";
import type { ConnectId } from "../contracts/ids.ts";
import { warnOfOrderGroup } from "../core/warn-of-sending.ts";
import type { AccountScope } from "../store/account-scope.ts";
import { connectsOfOrderGroup } from "../store/connects.ts";

/** Looked up whenever a connect is shown, and kept nowhere: what other connects are set to is not this one's to store. */
export async function orderGroupWarnings(
  scope: AccountScope,
  id: ConnectId | null,
  settings: Pick<ConnectSettings, "order" | "order_group">,
): Promise<Warning[]> {
  if (settings.order_group === "") return [];
  return warnOfOrderGroup(settings, await connectsOfOrderGroup(scope, settings.order_group, id));
}
