import type { RelationKind } from "../contracts/workflow.ts";
import type { AccountScope } from "./account-scope.ts";

/** The workflows that name a connect, a list or another thing a relation can be about: in words, for a refusal. */
export async function workflowsUsing(
  scope: AccountScope,
  kind: RelationKind | "connect",
  id: number,
): Promise<string[]> {
  const named =
    kind === "connect"
      ? "$.**.connect_id ? (@ == $id)"
      : kind === "list"
        ? '$ ? ((@.relation.kind == "list" && @.relation.of[*] == $id) || @.action_sets[*].actions[*].list_id == $id)'
        : `$ ? (@.relation.kind == "${kind}" && @.relation.of[*] == $id)`;
  const rows = await scope.query<{ name: string }>(
    `select name from workflows where account_id = $1 and deleted_at is null
       and jsonb_path_exists(settings, '${named}', jsonb_build_object('id', $2::bigint))
     order by name`,
    [id],
  );
  return rows.map(({ name }) => `the workflow ${name}`);
}
