import { fieldIndex } from "../core/field-index.ts";
import { settlePlaces, unknownPlaces } from "../core/fill-places.ts";
import { ProblemError } from "../core/problem-error.ts";
import { emailTemplates, type EmailTemplateRow, type EmailTemplateValues } from "../store/email-templates.ts";
import { listLeadFields } from "../store/lead-fields.ts";
import { workflowsUsing } from "../store/workflow-users.ts";
import type { Change, Changes } from "./change.ts";
import { removeNoun, saveNoun, type Noun } from "./save-noun.ts";

const noun: Noun<EmailTemplateRow, EmailTemplateValues> = {
  kind: "e-mail template",
  table: emailTemplates,
  nameOf: ({ name }) => name,
  taken: { email_templates_account_id_name_key: "name: Another template has this name" },
};

/** Adds or changes a template; its places are kept by the fields' permanent keys. */
export async function saveEmailTemplate(
  change: Change,
  id: number | null,
  values: Changes<EmailTemplateValues>,
): Promise<EmailTemplateRow> {
  const fieldOf = fieldIndex(await listLeadFields(change.scope));
  const settled = { ...values };
  for (const part of ["subject", "body"] as const) {
    const text = values[part];
    if (text === undefined) continue;
    const errors = unknownPlaces(text, fieldOf).map(({ name, position }) => ({
      path: part,
      message: `{${name}} at character ${position} is no field of this account`,
    }));
    if (errors.length > 0) throw new ProblemError("bad_input", { errors });
    Object.assign(settled, { [part]: settlePlaces(text, fieldOf) });
  }
  return saveNoun(change, noun, id, settled);
}

export async function deleteEmailTemplate(change: Change, id: number): Promise<void> {
  await removeNoun(change, noun, id, async (template) => {
    const users = await workflowsUsing(change.scope, "email_template", template.id);
    return users.length === 0 ? null : `${template.name} is used by ${users.join(", ")}. Choose another there first.`;
  });
}
