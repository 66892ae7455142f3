import type { AccountScope } from "./account-scope.ts";

export type NamedThing = {
  readonly kind: "connect" | "adaptor" | "workflow";
  readonly id: number;
  readonly name: string;
  readonly detail: string;
};

/** Connects, adaptors and workflows whose name holds the text, or that have it as their id; those whose name begins with it first. */
export async function findByName(scope: AccountScope, text: string, limitEach: number): Promise<NamedThing[]> {
  const pattern = text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`);
  const id = /^\d{1,15}$/.test(text) ? Number(text) : null;
  const matches = `account_id = $1 and deleted_at is null and (name ilike '%' || $2 || '%' or id = $3)
    order by name ilike $2 || '%' desc, name limit $4`;
  return scope.query<NamedThing>(
    `(select 'connect' as kind, id, name, settings ->> 'api_url' as detail from connects where ${matches})
     union all
     (select 'adaptor' as kind, id, name, '' as detail from adaptors where ${matches})
     union all
     (select 'workflow' as kind, id, name, case when active then '' else 'Off' end as detail from workflows
       where ${matches})`,
    [pattern, id, limitEach],
  );
}
