import type { EmailTemplateId } from "../contracts/ids.ts";
import type { AccountScope } from "./account-scope.ts";
import type { PlainTable } from "./plain-table.ts";

export type EmailTemplateValues = { readonly name: string; readonly subject: string; readonly body: string };
export type EmailTemplateRow = EmailTemplateValues & { readonly id: EmailTemplateId };

const columns = "id, name, subject, body";
const one = async (rows: Promise<EmailTemplateRow[]>): Promise<EmailTemplateRow> => (await rows)[0]!;

/** A template is only ever made by a person, so its rows have no `described`, which other plain nouns carry. */
export const emailTemplates: PlainTable<EmailTemplateRow, EmailTemplateValues> = {
  settable: ["name", "subject", "body"],
  list: (scope, after, limit) =>
    scope.query(`select ${columns} from email_templates where account_id = $1 and id > $2 order by id limit $3`, [
      after,
      limit,
    ]),
  lock: async (scope: AccountScope, id: number) => {
    const rows = await scope.query<EmailTemplateRow>(
      `select ${columns} from email_templates where account_id = $1 and id = $2 for update`,
      [id],
    );
    return rows[0] ?? null;
  },
  insert: (scope, { name, subject, body }) =>
    one(
      scope.query(
        `insert into email_templates (account_id, name, subject, body) values ($1, $2, $3, $4) returning ${columns}`,
        [name, subject, body],
      ),
    ),
  update: (scope, id, { name, subject, body }) =>
    one(
      scope.query(
        `update email_templates set name = $3, subject = $4, body = $5
         where account_id = $1 and id = $2 returning ${columns}`,
        [id, name, subject, body],
      ),
    ),
  remove: async (scope, id) => {
    await scope.query("delete from email_templates where account_id = $1 and id = $2", [id]);
  },
};
