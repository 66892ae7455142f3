import { createAccount } from "../../admin/create-account.ts";
import { createToken, revokeToken } from "../../admin/create-token.ts";
import { inChange } from "../../admin/change.ts";
import { acceptInvitation, inviteUser, readInvitation } from "../../admin/invite-user.ts";
import { updateUser } from "../../admin/update-user.ts";
import * as endpoints from "../../contracts/endpoints/access.ts";
import { ProblemError } from "../../core/problem-error.ts";
import { hasAccounts } from "../../store/accounts.ts";
import { listTokens, type TokenRow } from "../../store/tokens.ts";
import { listUsers, type UserRow } from "../../store/users.ts";
import { changeBy, type AdminDeps } from "../change-by.ts";
import { fromLoopback } from "../host-check.ts";
import { afterOf, pageOfRows } from "../paging.ts";
import { nounChanges } from "../noun-changes.ts";
import { route, type Route } from "../route.ts";

export type AccessRoutesDeps = AdminDeps & {
  /** Whether what was typed is the one-time code printed at start. */
  readonly isSetupCode: (code: string) => boolean;
  /** When somebody may perhaps do less than before. */
  readonly onAccessChange: () => Promise<void>;
  /** Where people reach the page; null: as their request's Host says. */
  readonly publicUrl: string | null;
};

/** Who gets in: setting up, users, invitations, API tokens. */
export function accessRoutes(deps: AccessRoutesDeps): Route[] {
  const { database } = deps;
  const users = nounChanges(deps, "user");
  return [
    route(endpoints.showSetup, async (_request, _caller, raw) => ({
      needed: !(await hasAccounts(database)),
      code_needed: !fromLoopback(raw),
    })),
    route(endpoints.setUp, async ({ body }, _caller, raw) => {
      if (!fromLoopback(raw) && !deps.isSetupCode(body.code ?? "")) throw new ProblemError("setup_code_needed");
      const { account_name, time_zone, name, email, password } = body;
      const account = { name: account_name, timeZone: time_zone, admin: { name, email, password } };
      const by = { actor: { kind: "user" as const, id: null, name }, onlyFirst: true };
      return { account_id: await createAccount(deps, account, by) };
    }),

    route(endpoints.listUsers, async ({ query }, { scope }) => {
      const { items, next_cursor } = await users.page(scope, query, listUsers);
      return { items: items.map(shownUser), next_cursor };
    }),
    route(endpoints.updateUser, async ({ params: { id }, body: { revision, ...values } }, caller) => {
      const user = await users.save(caller, (change) => updateUser(change, id, values), { id, revision });
      await deps.onAccessChange();
      return shownUser(user);
    }),
    route(endpoints.inviteUser, async ({ body }, caller, raw) => {
      const { code, expiresAt } = await inChange(changeBy(deps, caller), (change) => inviteUser(change, body));
      const origin = deps.publicUrl ?? `${raw.protocol}://${raw.host}`;
      return { link: `${origin}/invite/${code}`, expires_at: expiresAt.toISOString() };
    }),
    route(endpoints.showInvitation, async ({ params }) => {
      const { email, accountName, role } = await readInvitation(database, params.code);
      return { email, account_name: accountName, role };
    }),
    route(endpoints.acceptInvitation, async ({ params, body }) => acceptInvitation(deps, params.code, body)),

    route(endpoints.listTokens, async ({ query }, { scope }) => {
      const rows = await listTokens(scope, afterOf(query.cursor, 0), query.limit + 1);
      return pageOfRows(rows, query.limit, shownToken);
    }),
    route(endpoints.createToken, async ({ body }, caller) => {
      const { name, access, rate_per_second, expires_at } = body;
      const token = { name, access, ratePerSecond: rate_per_second, expiresAt: expires_at };
      const made = await inChange(changeBy(deps, caller), (change) => createToken(change, token));
      return { ...shownToken(made), secret: made.secret };
    }),
    route(endpoints.revokeToken, async ({ params }, caller) => {
      await inChange(changeBy(deps, caller), (change) => revokeToken(change, params.id));
      await deps.onAccessChange();
      return null;
    }),
  ];
}

function shownUser({ created_at, ...user }: UserRow & { readonly revision: number }) {
  return { ...user, created_at: created_at.toISOString() };
}

function shownToken({ id, name, access, rate_per_second, ...times }: TokenRow) {
  return {
    id,
    name,
    access,
    rate_per_second,
    created_at: times.created_at.toISOString(),
    last_used_at: times.last_used_at?.toISOString() ?? null,
    expires_at: times.expires_at?.toISOString() ?? null,
    revoked_at: times.revoked_at?.toISOString() ?? null,
  };
}
