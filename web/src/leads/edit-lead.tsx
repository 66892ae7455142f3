import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { showLead, updateLead } from "../../../src/contracts/endpoints/leads.ts";
import type { Lead } from "../../../src/contracts/lead.ts";
import { call } from "../api.ts";
import { ConflictDrawer, type Choices } from "../ui/conflict.tsx";
import { fieldsQuery } from "../ui/fields.ts";
import { leadName } from "../ui/lead-picker.tsx";
import { Side } from "../ui/side.tsx";
import { changedPlaces, withChoices } from "../ui/three-way.ts";
import { say } from "../ui/toast.tsx";
import { isConflict, useConflict } from "../ui/use-conflict.ts";
import { LeadForm } from "./lead-form.tsx";
import { leadQuery, leadsKey } from "./queries.ts";

/** A lead's fields in a drawer. What somebody else changed meanwhile is chosen from, where it is what was changed here too. */
export function EditLead({ lead: first, close }: { lead: Lead; close: () => void }) {
  const queries = useQueryClient();
  // calls change leads all the time: the form stays with the lead that it began with
  const [lead, setLead] = useState(first);
  const { data } = useQuery(fieldsQuery);
  const conflict = useConflict(() => call(showLead, { params: { id: lead.id } }));
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const done = (now: Lead) => {
    queries.setQueryData(leadQuery(lead.id).queryKey, now);
    void queries.invalidateQueries({ queryKey: leadsKey });
    close();
  };
  const { mutate, error, isPending } = useMutation({
    mutationFn: ({ on, fields }: Saving) =>
      call(updateLead, { params: { id: on.id }, query: { unless_changed_since: changedAt(on) }, body: fields }),
    onSuccess: (saved) => {
      say(`${leadName(saved)} is saved`);
      done(saved);
    },
  });
  const save = (saving: Saving, refused: () => void) =>
    mutate(saving, { onError: (problem) => void meet(problem, saving, refused) });
  /** Whoever changed other fields only is in nobody's way. */
  const meet = async (problem: unknown, saving: Saving, refused: () => void): Promise<void> => {
    if (!isConflict(problem)) return refused();
    const theirs = await call(showLead, { params: { id: lead.id } }).catch(() => null);
    // beside the button it says to save again
    if (theirs === null) return undefined;
    const clash = Object.keys(saving.fields).some((key) => text(theirs, key) !== text(saving.on, key));
    if (!clash) return save({ on: theirs, fields: saving.fields }, refused);
    setTyped(saving.fields);
    await conflict.meet(problem);
    return undefined;
  };
  const { met } = conflict;
  const changed = met ? fieldsChanged(lead, typed, met.theirs) : [];
  const resolve = (on: Lead, choices: Choices) => {
    const values = withChoices(typed, textsOf(on, typed), changed, choices);
    const fields = Object.fromEntries(Object.entries(values).filter(([key, value]) => text(on, key) !== value));
    conflict.leave();
    setLead(on);
    if (Object.keys(fields).length === 0) return done(on);
    return save({ on, fields }, () => {});
  };
  return (
    <Side label="Edit lead" close={close}>
      <LeadForm
        title={`Edit ${leadName(lead)}`}
        verb="Save lead"
        lead={lead}
        saving={isPending}
        error={error}
        close={close}
        submit={(fields, refused) => {
          if (Object.keys(fields).length === 0) return close();
          return save({ on: lead, fields }, refused);
        }}
      />
      {met && (
        <ConflictDrawer
          saved={met.saved}
          places={changed}
          words={{
            name: ({ key }) => data?.items.find((field) => field.section === "lead" && field.key === key)?.label ?? key,
          }}
          verb="Save lead"
          saving={isPending}
          save={(choices) => resolve(met.theirs, choices)}
          back={conflict.leave}
        />
      )}
    </Side>
  );
}

type Saving = { readonly on: Lead; readonly fields: Record<string, string> };

const text = (lead: Lead, key: string): string => String(lead.fields[key] ?? "");
const textsOf = (lead: Lead, typed: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.keys(typed).map((key) => [key, text(lead, key)]));

/** Of the fields that were typed into, what they are with each. */
const fieldsChanged = (began: Lead, typed: Readonly<Record<string, string>>, theirs: Lead) =>
  changedPlaces(textsOf(began, typed), typed, textsOf(theirs, typed));

/** When the lead was last changed, as it says itself. */
const changedAt = (lead: Lead): string => String(lead.fields["modified_at"] ?? lead.created_at);
