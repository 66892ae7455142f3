import { Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { emailTemplates, type EmailTemplate } from "../../../src/contracts/endpoints/dialler.ts";
import { call } from "../api.ts";
import { emailTemplatesQuery } from "../ui/workflow-choices.ts";
import type { Column, FieldsProps } from "./noun-props.ts";
import { Noun } from "./noun.tsx";

type Draft = { name: string; subject: string; body: string };

const columns: readonly Column<EmailTemplate>[] = [{ head: "Subject", cell: ({ subject }) => subject }];

/** Mails that actions of workflows send. */
export function EmailTemplates() {
  return (
    <Noun<EmailTemplate, Draft>
      noun="e-mail template"
      title="E-mail templates"
      intro="What an Email action begins with. Places such as {lead.first_name} are filled in for each lead."
      found={useQuery(emailTemplatesQuery)}
      touches={[emailTemplatesQuery.queryKey]}
      nameOf={({ name }) => name}
      line={({ subject }) => subject}
      columns={columns}
      draftOf={(item) => ({ name: item?.name ?? "", subject: item?.subject ?? "", body: item?.body ?? "" })}
      partNames={{ body: "Text" }}
      Fields={Fields}
      save={(item, body) =>
        item
          ? call(emailTemplates.update, { params: { id: item.id }, body: { ...body, revision: item.revision } })
          : call(emailTemplates.create, { body })
      }
      remove={({ id }) => call(emailTemplates.remove, { params: { id } })}
      removeWords="Actions that began with it keep their own text."
    />
  );
}

function Fields({ draft, set, places }: FieldsProps<EmailTemplate, Draft>) {
  return (
    <>
      <TextInput
        label="Name"
        data-autofocus
        value={draft.name}
        error={places["name"]}
        maxLength={200}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      <TextInput
        label="Subject"
        placeholder="Thank you, {lead.first_name}"
        value={draft.subject}
        error={places["subject"]}
        maxLength={1000}
        onChange={(event) => set({ subject: event.currentTarget.value })}
      />
      <Textarea
        label="Text"
        description="Places: {lead.first_name}, {lead.email}, {call.status}, any field by its name."
        autosize
        minRows={8}
        maxRows={20}
        value={draft.body}
        error={places["body"]}
        onChange={(event) => set({ body: event.currentTarget.value })}
      />
    </>
  );
}
