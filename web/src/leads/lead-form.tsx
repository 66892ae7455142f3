import { Button, TextInput } from "@mantine/core";
import { IconSearch, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useRef, useState, type FormEvent } from "react";
import type { Lead } from "../../../src/contracts/lead.ts";
import { useHoldsEdits } from "../ui/edits.ts";
import { fieldsQuery, type FieldInfo } from "../ui/fields.ts";
import { Sec } from "../ui/atoms.tsx";
import { LoadingPage } from "../ui/loading.tsx";
import { phpDate } from "../ui/php-date.ts";
import { focusFirstFault, problemPlaces, problemWords } from "../ui/problem-places.ts";
import { useSession } from "../ui/session.ts";
import { conflictWords, isConflict } from "../ui/use-conflict.ts";
import { FieldInput } from "./field-input.tsx";
import { groupFields, type FieldGroup } from "./field-groups.ts";
import { isInstant, type Value } from "./field-value.tsx";

const usual = new Set(["phone_number", "list_id", "first_name", "last_name", "email", "state"]);

/** A lead's fields in a drawer: a new lead begins with the six usual ones. What was changed is what is sent. */
export function LeadForm({
  title,
  verb,
  lead,
  first,
  saving,
  error,
  submit,
  close,
}: {
  title: string;
  verb: string;
  /** null: a new one. */
  lead: Lead | null;
  first?: Readonly<Record<string, string>>;
  saving: boolean;
  error: unknown;
  submit: (changed: Record<string, string>, refused: () => void) => void;
  close: () => void;
}) {
  const { data } = useQuery(fieldsQuery);
  const { account } = useSession();
  const [changed, setChanged] = useState<Record<string, string>>(first ?? {});
  const [all, setAll] = useState(lead !== null);
  const [search, setSearch] = useState("");
  const form = useRef<HTMLFormElement>(null);
  useHoldsEdits(true);
  const set = useCallback((key: string, text: string) => setChanged((was) => ({ ...was, [key]: text })), []);
  const places = byKey(problemPlaces(error), data?.items ?? []);
  const groups = useMemo(() => groupFields(data?.items ?? []), [data]);
  if (!data) return <LoadingPage />;
  const shown = all ? found(groups, search) : [{ title: "", fields: usualOf(groups) }];
  const known = shown.flatMap((group) => group.fields.map(({ key }) => key));
  const fault = isConflict(error) ? conflictWords : problemWords(error, known);
  const send = (event: FormEvent) => {
    event.preventDefault();
    submit(different(changed, lead), () => {
      setAll(true);
      setSearch("");
      focusFirstFault(form.current ?? document);
    });
  };
  return (
    <form ref={form} onSubmit={send} noValidate style={{ display: "contents" }}>
      <div className="dhead">
        <h2 className="dtitle" style={{ margin: 0 }}>
          {title}
        </h2>
        <span className="right">
          <button type="button" className="iconbtn" aria-label="Close" onClick={close}>
            <IconX size={18} aria-hidden />
          </button>
        </span>
      </div>
      <div className="lform">
        {all && (
          <TextInput
            size="xs"
            type="search"
            leftSection={<IconSearch size={15} aria-hidden />}
            placeholder="Search fields"
            aria-label="Search fields"
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
            onKeyDown={(event) => event.key === "Enter" && event.preventDefault()}
          />
        )}
        {shown.map((group) => (
          <fieldset key={group.title} className="lgroup">
            <legend>{group.title ? <Sec>{group.title}</Sec> : <span className="sr">Usual fields</span>}</legend>
            {group.fields.map((field) => (
              <FieldInput
                key={field.key}
                field={field}
                text={changed[field.key] ?? textOf(lead?.fields[field.key], field, account.time_zone)}
                error={places[field.key]}
                set={set}
              />
            ))}
          </fieldset>
        ))}
        {shown.length === 0 && <div className="dim">No field matches “{search}”.</div>}
        {!all && (
          <div>
            <button type="button" className="lnk" onClick={() => setAll(true)}>
              All {groups.reduce((count, group) => count + group.fields.length, 0)} fields
            </button>
          </div>
        )}
      </div>
      <div className="bar savebar dbar">
        <Button type="submit" loading={saving}>
          {verb}
        </Button>
        <Button type="button" variant="subtle" color="gray" onClick={close}>
          Cancel
        </Button>
        {fault && (
          <span role="alert" className="savefault">
            {fault}
          </span>
        )}
      </div>
    </form>
  );
}

const usualOf = (groups: readonly FieldGroup[]): FieldInfo[] => {
  const fields = groups.flatMap((group) => group.fields);
  return Array.from(usual).flatMap((key) => fields.find((field) => field.key === key) ?? []);
};

function found(groups: readonly FieldGroup[], search: string): FieldGroup[] {
  const words = search.trim().toLowerCase();
  return groups
    .map((group) => ({
      ...group,
      fields: group.fields.filter(({ label, name }) => `${label} ${name}`.toLowerCase().includes(words)),
    }))
    .filter(({ fields }) => fields.length > 0);
}

/** As the input wants it: an instant in the account's zone, the rest as it is. */
function textOf(value: Value | undefined, { kind, system }: FieldInfo, zone: string): string {
  const text = value === null || value === undefined ? "" : String(value);
  if (kind !== "datetime" || !isInstant(text)) return text;
  return phpDate(new Date(text), system ? "Y-m-d H:i:s" : "Y-m-d\\TH:i:s", zone);
}

/** A new lead says only what was typed; an edited one may also be emptied. */
function different(changed: Readonly<Record<string, string>>, lead: Lead | null): Record<string, string> {
  return Object.fromEntries(
    Object.entries(changed).filter(([key, text]) =>
      lead ? String(lead.fields[key] ?? "") !== text : text.trim() !== "",
    ),
  );
}

/** Problems name custom fields by name or by key; the form knows keys. */
function byKey(places: Readonly<Record<string, string>>, fields: readonly FieldInfo[]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(places).map(([path, message]) => {
      const field = fields.find(({ section, key, name }) => section === "lead" && (key === path || name === path));
      return [field?.key ?? path, message];
    }),
  );
}
