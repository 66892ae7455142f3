import { inChange } from "../../admin/change.ts";
import { deleteEmailTemplate, saveEmailTemplate } from "../../admin/save-email-template.ts";
import { emailTemplates as endpoints } from "../../contracts/endpoints/dialler.ts";
import { emailTemplates } from "../../store/email-templates.ts";
import { changeBy, type AdminDeps } from "../change-by.ts";
import { afterOf, pageOfRows } from "../paging.ts";
import { route, type Route } from "../route.ts";

/** Mails that actions send. */
export function emailTemplateRoutes(deps: AdminDeps): Route[] {
  return [
    route(endpoints.list, async ({ query: { cursor, limit } }, { scope }) =>
      pageOfRows(await emailTemplates.list(scope, afterOf(cursor, 0), limit + 1), limit, (row) => row),
    ),
    route(endpoints.create, ({ body }, caller) =>
      inChange(changeBy(deps, caller), (change) => saveEmailTemplate(change, null, body)),
    ),
    route(endpoints.update, ({ params, body }, caller) =>
      inChange(changeBy(deps, caller), (change) => saveEmailTemplate(change, params.id, body)),
    ),
    route(endpoints.remove, async ({ params }, caller) => {
      await inChange(changeBy(deps, caller), (change) => deleteEmailTemplate(change, params.id));
      return null;
    }),
  ];
}
