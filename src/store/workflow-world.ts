import type { ProviderConnects } from "../contracts/mail.ts";
import type { WorkflowWorld } from "../core/check-context.ts";
import type { AccountScope } from "./account-scope.ts";
import { listLeadFields } from "./lead-fields.ts";

type Row = {
  readonly kind: string;
  readonly id: number;
  readonly name: string;
  readonly flag: boolean;
  readonly other: boolean;
};

/** What of an account workflows may refer to, as it is now, in one statement besides the custom fields. */
export async function workflowWorld(scope: AccountScope): Promise<WorkflowWorld> {
  const customFields = await listLeadFields(scope);
  const rows = await scope.query<Row>(
    `select 'connect' as kind, id, name, active as flag, false as other from connects
       where account_id = $1 and deleted_at is null
     union all select 'workflow', id, '', false, false from workflows where account_id = $1 and deleted_at is null
     union all select 'user', id, '', false, false from users where account_id = $1
     union all select 'token', id, '', false, false from api_tokens where account_id = $1
     union all select 'campaign', id, '', false, false from campaigns where account_id = $1
     union all select 'list', id, '', false, false from lists where account_id = $1
     union all select 'queue', id, '', false, false from queues where account_id = $1
     union all select 'inbound_number', id, '', false, false from inbound_numbers where account_id = $1
     union all select 'email_template', id, '', false, false from email_templates where account_id = $1
     union all select 'status', 0, code, reached, final from statuses where account_id = $1`,
  );
  const [outgoing] = await scope.query<{ providers: Partial<ProviderConnects>; mail: boolean }>(
    "select provider_connects as providers, smtp is not null as mail from accounts where id = $1",
  );
  const byId = new Map(rows.map((row) => [`${row.kind}/${row.id}`, row]));
  const statuses = new Map(rows.filter(({ kind }) => kind === "status").map((row) => [row.name, row]));
  const connect = (id: number) => {
    const row = byId.get(`connect/${id}`);
    return row === undefined ? null : { name: row.name, active: row.flag };
  };
  return {
    customFields,
    connect,
    exists: (kind, id) => byId.has(`${kind}/${id}`),
    status: (code) => {
      const row = statuses.get(code);
      return row === undefined ? null : { reached: row.flag, final: row.other };
    },
    provider: (action) => {
      const id = outgoing?.providers[action] ?? null;
      return id !== null && connect(id) !== null ? id : null;
    },
    hasMailServer: outgoing?.mail ?? false,
  };
}
