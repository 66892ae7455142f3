import { deleteEmailTemplate, saveEmailTemplate } from "../../admin/save-email-template.ts";
import { emailTemplates as endpoints } from "../../contracts/endpoints/dialler.ts";
import { emailTemplates } from "../../store/email-templates.ts";
import type { AdminDeps } from "../change-by.ts";
import { nounChanges } from "../noun-changes.ts";
import { route, type Route } from "../route.ts";

/** Mails that actions send. */
export function emailTemplateRoutes(deps: AdminDeps): Route[] {
  const template = nounChanges(deps, "e-mail template");
  return [
    route(endpoints.list, ({ query }, { scope }) => template.page(scope, query, emailTemplates.list)),
    route(endpoints.create, ({ body }, by) => template.save(by, (one) => saveEmailTemplate(one, null, body))),
    route(endpoints.update, ({ params: { id }, body: { revision, ...values } }, by) =>
      template.save(by, (one) => saveEmailTemplate(one, id, values), { id, revision }),
    ),
    route(endpoints.remove, ({ params }, by) => template.remove(by, (one) => deleteEmailTemplate(one, params.id))),
  ];
}
