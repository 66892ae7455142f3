import { Autocomplete, MultiSelect, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, type SyntheticEvent } from "react";
import {
  showSession,
  updateAccount,
  type Account as AccountSettings,
} from "../../../src/contracts/endpoints/access.ts";
import { call } from "../api.ts";
import { ConflictDrawer, type Choices } from "../ui/conflict.tsx";
import { fieldsQuery } from "../ui/fields.ts";
import { datePatterns, phpDate } from "../ui/php-date.ts";
import { focusFirstFault, problemPlaces, problemWords } from "../ui/problem-places.ts";
import { SaveBar } from "../ui/save-bar.tsx";
import { sessionKey, useMay, useSession } from "../ui/session.ts";
import { TimeZoneSelect } from "../ui/time-zone-select.tsx";
import { changedPlaces, withChoices } from "../ui/three-way.ts";
import { say } from "../ui/toast.tsx";
import { conflictWords, isConflict, useConflict } from "../ui/use-conflict.ts";
import { useUnsavedTab } from "./use-unsaved-tab.ts";

type Draft = Pick<AccountSettings, "name" | "time_zone" | "date_format" | "fields_masked_in_logs">;

const names: readonly (readonly [key: keyof Draft, name: string])[] = [
  ["name", "Name"],
  ["time_zone", "Time zone"],
  ["date_format", "Date format"],
  ["fields_masked_in_logs", "Fields masked in logs"],
];

const draftOf = ({ name, time_zone, date_format, fields_masked_in_logs }: AccountSettings): Draft => ({
  name,
  time_zone,
  date_format,
  fields_masked_in_logs,
});

const isLike = (one: Draft, other: Draft): boolean => changesIn(one, other).length === 0;
const changesIn = (draft: Draft, saved: Draft) =>
  names.filter(([key]) => JSON.stringify(draft[key]) !== JSON.stringify(saved[key]));

/** The account's own settings. */
export default function Account() {
  const { account } = useSession();
  // what is saved elsewhere does not slip under what is being typed
  const [began, setBegan] = useState(account);
  const saved = draftOf(began);
  const readOnly = !useMay("admin");
  const [draft, setDraft] = useState<Draft>(saved);
  const form = useRef<HTMLFormElement>(null);
  const set = (patch: Partial<Draft>) => setDraft((was) => ({ ...was, ...patch }));
  const unsaved = changesIn(draft, saved);
  if (account !== began && (unsaved.length === 0 || isLike(draftOf(account), saved))) {
    setBegan(account);
    if (unsaved.length === 0) setDraft(draftOf(account));
  }
  useUnsavedTab(unsaved.map(([, name]) => name));
  const queries = useQueryClient();
  const conflict = useConflict(async () => (await call(showSession)).account);
  const { mutate, error, isPending } = useMutation({
    mutationFn: ({ on, values }: { on: AccountSettings; values: Draft }) => {
      const changes = Object.fromEntries(changesIn(values, draftOf(on)).map(([key]) => [key, values[key]]));
      return call(updateAccount, { body: { ...changes, revision: on.revision } });
    },
    onSuccess: async (now) => {
      conflict.leave();
      setBegan(now);
      setDraft(draftOf(now));
      await queries.invalidateQueries({ queryKey: sessionKey });
      say("The account is saved");
    },
    onError: async (problem) => {
      if (!(await conflict.meet(problem))) focusFirstFault(form.current ?? document);
    },
  });
  const { met } = conflict;
  const changed = met ? changedPlaces(saved, draft, draftOf(met.theirs)) : [];
  const resolve = (theirs: AccountSettings, choices: Choices) => {
    const values = withChoices(draft, draftOf(theirs), changed, choices);
    setBegan(theirs);
    setDraft(values);
    conflict.leave();
    mutate({ on: theirs, values });
  };
  const places = problemPlaces(error);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    mutate({ on: began, values: draft });
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
            onChange={(time_zone) => set({ time_zone })}
          />
          {draft.time_zone !== "" && <Now words="It is now" pattern="l, F j, H:i" zone={draft.time_zone} />}
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
          <Now words="Now is written" pattern={draft.date_format} zone={draft.time_zone || saved.time_zone} />
        </div>
        <MaskedFields
          keys={draft.fields_masked_in_logs}
          error={Object.entries(places).find(([path]) => path.startsWith("fields_masked"))?.[1]}
          disabled={readOnly}
          set={(fields_masked_in_logs) => set({ fields_masked_in_logs })}
        />
      </div>
      {met && (
        <ConflictDrawer
          saved={met.saved}
          places={changed}
          words={{ name: ({ key }) => names.find(([name]) => name === key)?.[1] ?? key }}
          verb="Save account"
          saving={isPending}
          save={(choices) => resolve(met.theirs, choices)}
          back={conflict.leave}
        />
      )}
      {!readOnly && (
        <SaveBar
          verb="Save account"
          unsaved={unsaved.map(([, name]) => name)}
          saving={isPending}
          discard={() => setDraft(saved)}
          fault={
            isConflict(error)
              ? conflictWords
              : problemWords(
                  error,
                  names.map(([key]) => key),
                )
          }
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
