import { inChange } from "../../admin/change.ts";
import { refuseStaleSave } from "../../admin/refuse-stale.ts";
import { updateAccount } from "../../admin/update-account.ts";
import { shownMailSettings, updateMailSettings } from "../../admin/update-mail-settings.ts";
import * as endpoints from "../../contracts/endpoints/access.ts";
import { findAccount } from "../../store/accounts.ts";
import { listAudit } from "../../store/audit.ts";
import { findMailSettings } from "../../store/mail-settings.ts";
import { latestRevisions } from "../../store/revisions.ts";
import { accountScope } from "../../store/account-scope.ts";
import { inOneSnapshot } from "../../store/database.ts";
import { findUser } from "../../store/users.ts";
import { changeBy, type AdminDeps } from "../change-by.ts";
import { afterOf, pageInParts } from "../paging.ts";
import { route, type Route } from "../route.ts";
import type { Caller } from "../caller.ts";

/** The account itself: who is signed in to it, its settings, who changed what in it. */
export function accountRoutes(deps: AdminDeps): Route[] {
  return [
    route(endpoints.showSession, async (_request, caller) => ({
      user: await shownCaller(caller),
      account: await shownAccount(deps, caller),
    })),
    route(endpoints.updateAccount, async ({ body }, caller) => {
      const { smtp, provider_connects, revision, ...values } = body;
      await inChange(changeBy(deps, caller), async (change) => {
        await refuseStaleSave(change.scope, "account", caller.accountId, revision);
        await updateAccount(change, values);
        await updateMailSettings(change, { smtp, provider_connects });
      });
      return shownAccount(deps, caller);
    }),
    route(endpoints.listAudit, async ({ query }, { scope }) => {
      const newest = afterOf(query.cursor, Number.MAX_SAFE_INTEGER);
      const read = (before: number, limit: number) => listAudit(scope, before, limit);
      return pageInParts(query.limit, newest, read, (row) => ({
        id: row.id,
        at: row.at.toISOString(),
        actor: row.actor_kind === "user" ? row.actor_name : `${row.actor_name} (${row.actor_kind})`,
        action: row.action,
        target: { kind: row.target_kind, id: row.target_id, name: row.target_name },
        before: row.before,
        after: row.after,
        replaced_secrets: row.replaced_secrets,
      }));
    }),
  ];
}

/** A token is shown as the admin it acts as. */
async function shownCaller(caller: Caller) {
  if (caller.kind === "token")
    return { id: caller.id, name: caller.name, email: "", role: caller.role, second_factor: false };
  const user = await findUser(caller.scope, caller.id);
  return {
    id: caller.id,
    name: caller.name,
    email: user?.email ?? "",
    role: caller.role,
    second_factor: user?.secondFactor ?? false,
  };
}

/** The settings and the number of their last save, as of one moment. */
function shownAccount({ database }: AdminDeps, { accountId }: Caller) {
  return inOneSnapshot(database, async (tx) => {
    const scope = accountScope(tx, accountId);
    const { id, name, time_zone, date_format, fields_masked_in_logs: masked } = await findAccount(scope);
    const mail = shownMailSettings(await findMailSettings(scope));
    const revision = (await latestRevisions(scope, "account", [id])).get(id) ?? 0;
    return { id, name, time_zone, date_format, fields_masked_in_logs: [...masked], ...mail, revision };
  });
}
