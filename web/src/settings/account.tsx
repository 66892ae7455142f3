import { Autocomplete, MultiSelect, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, type SyntheticEvent } from "react";
import { updateAccount, type Account as AccountSettings } from "../../../src/contracts/endpoints/access.ts";
import { call } from "../api.ts";
import { fieldsQuery } from "../ui/fields.ts";
import { datePatterns, phpDate } from "../ui/php-date.ts";
import { focusFirstFault, problemPlaces, problemWords } from "../ui/problem-places.ts";
import { SaveBar } from "../ui/save-bar.tsx";
import { sessionKey, useMay, useSession } from "../ui/session.ts";
import { TimeZoneSelect } from "../ui/time-zone-select.tsx";
import { say } from "../ui/toast.tsx";
import { useUnsavedTab } from "./use-unsaved-tab.ts";

type Draft = Omit<AccountSettings, "id" | "smtp" | "provider_connects">;

const names: readonly (readonly [key: keyof Draft, name: string])[] = [
  ["name", "Name"],
  ["time_zone", "Time zone"],
  ["date_format", "Date format"],
  ["fields_masked_in_logs", "Fields masked in logs"],
];

/** The account's own settings. */
export default function Account() {
  const { account } = useSession();
  const { id: _, ...saved } = account;
  const readOnly = !useMay("admin");
  const [draft, setDraft] = useState<Draft>(saved);
  const form = useRef<HTMLFormElement>(null);
  const set = (patch: Partial<Draft>) => setDraft((was) => ({ ...was, ...patch }));
  const unsaved = names.filter(([key]) => JSON.stringify(draft[key]) !== JSON.stringify(saved[key]));
  useUnsavedTab(unsaved.map(([, name]) => name));
  const queries = useQueryClient();
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => call(updateAccount, { body: Object.fromEntries(unsaved.map(([key]) => [key, draft[key]])) }),
    onSuccess: async ({ id: _id, ...now }) => {
      await queries.invalidateQueries({ queryKey: sessionKey });
      setDraft(now);
      say("The account is saved");
    },
    onError: () => focusFirstFault(form.current ?? document),
  });
  const places = problemPlaces(error);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    mutate();
  };
  return (
    <form ref={form} className="sformwrap" onSubmit={submit} noValidate aria-label="Account">
      <div className="shead">
        <h2>Account</h2>
      </div>
      <div className="sform" style={{ paddingBottom: 24 }}>
        <TextInput
          label="Name"
          value={draft.name}
          error={places["name"]}
          maxLength={100}
          disabled={readOnly}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <div>
          <TimeZoneSelect
            label="Time zone"
            value={draft.time_zone}
            error={places["time_zone"]}
            disabled={readOnly}
            onChange={(time_zone) => time_zone && set({ time_zone })}
          />
          <Now words="It is now" pattern="l, F j, H:i" zone={draft.time_zone} />
        </div>
        <div>
          <Autocomplete
            label="Date format"
            description="How dates are sent where an adaptor says System default. Letters are PHP’s."
            classNames={{ input: "mono" }}
            data={datePatterns.filter((pattern) => pattern !== "")}
            // the list shows every pattern, whatever is typed
            filter={({ options }) => options}
            value={draft.date_format}
            error={places["date_format"]}
            maxLength={100}
            disabled={readOnly}
            onChange={(date_format) => set({ date_format })}
          />
          <Now words="Now is written" pattern={draft.date_format} zone={draft.time_zone} />
        </div>
        <MaskedFields
          keys={draft.fields_masked_in_logs}
          error={Object.entries(places).find(([path]) => path.startsWith("fields_masked"))?.[1]}
          disabled={readOnly}
          set={(fields_masked_in_logs) => set({ fields_masked_in_logs })}
        />
      </div>
      {!readOnly && (
        <SaveBar
          verb="Save account"
          unsaved={unsaved.map(([, name]) => name)}
          saving={isPending}
          discard={() => setDraft(saved)}
          fault={problemWords(
            error,
            names.map(([key]) => key),
          )}
        />
      )}
    </form>
  );
}

/** The present moment in a pattern, kept up to date. */
function Now({ words, pattern, zone }: { words: string; pattern: string; zone: string }) {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <div style={{ fontSize: 12.5, marginTop: 5 }}>
      <span className="dim">{words} </span>
      <b className="num" style={{ fontWeight: 600 }}>
        {phpDate(now, pattern, zone)}
      </b>
    </div>
  );
}

function MaskedFields({
  keys,
  error,
  disabled,
  set,
}: {
  keys: readonly string[];
  error: string | undefined;
  disabled: boolean;
  set: (keys: string[]) => void;
}) {
  const { data } = useQuery(fieldsQuery);
  const fields = (data?.items ?? []).filter(({ section }) => section === "lead");
  const known = new Set(fields.map(({ key }) => key));
  return (
    <MultiSelect
      label="Fields masked in logs"
      description="Their values are hidden in Connect Logs for everybody. Viewers never see personal fields."
      placeholder={keys.length === 0 ? "None" : ""}
      searchable
      data={[
        ...fields.map(({ key, label, name }) => ({ value: key, label: `${label} (${name})` })),
        ...keys.filter((key) => !known.has(key)).map((key) => ({ value: key, label: key })),
      ]}
      value={[...keys]}
      error={error}
      disabled={disabled}
      nothingFoundMessage="No field has this name"
      onChange={set}
    />
  );
}
