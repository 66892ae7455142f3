import { Button, NumberInput, Select, Switch, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState, type ReactNode, type SyntheticEvent } from "react";
import { secretMask } from "../../../src/contracts/connect.ts";
import { showSession, updateAccount, type Account } from "../../../src/contracts/endpoints/access.ts";
import { nothingOdd } from "../../../src/contracts/question-value.ts";
import { call } from "../api.ts";
import { ConflictDrawer, type Choices } from "../ui/conflict.tsx";
import { focusFirstFault, problemPlaces, problemWords } from "../ui/problem-places.ts";
import { focusFirstQuestion } from "../ui/questions.tsx";
import { sessionKey, useMay, useSession } from "../ui/session.ts";
import { changedPlaces, withChoices } from "../ui/three-way.ts";
import { say } from "../ui/toast.tsx";
import { conflictWords, isConflict, replacedBy, useConflict } from "../ui/use-conflict.ts";
import { connectChoicesQuery } from "../ui/workflow-choices.ts";
import {
  mailDraftFrom,
  mailDraftOf,
  mailPartName,
  mailParts,
  mailPartText,
  providerNames,
  type MailDraft,
  type Smtp,
} from "./mail-draft.ts";
import { Optional } from "./optional.tsx";
import { questionPassword, SmtpPassword } from "./smtp-password.tsx";
import { useUnsavedTab } from "./use-unsaved-tab.ts";

const blank: Smtp = { host: "", port: 587, security: "starttls", username: "", from: "", password: "" };

/** The mail server, and the connects that SMS, voice and ringless actions go out through. */
export function Sending() {
  const { account } = useSession();
  // what is saved elsewhere does not slip under what is being typed
  const [began, setBegan] = useState(account);
  const saved = mailDraftOf(began);
  const readOnly = !useMay("admin");
  const [draft, setDraft] = useState<MailDraft>(saved);
  const form = useRef<HTMLFormElement>(null);
  const queries = useQueryClient();
  const unsaved = [
    ...(same(draft.smtp, saved.smtp) ? [] : ["Mail server"]),
    ...(same(draft.provider_connects, saved.provider_connects) ? [] : ["Providers"]),
  ];
  if (account !== began && (unsaved.length === 0 || same(mailDraftOf(account), saved))) {
    setBegan(account);
    if (unsaved.length === 0) setDraft(mailDraftOf(account));
  }
  useUnsavedTab(readOnly ? [] : unsaved);
  const conflict = useConflict(async () => (await call(showSession)).account);
  const { mutate, error, isPending, reset } = useMutation({
    mutationFn: ({ on, values }: { on: Account; values: MailDraft }) =>
      call(updateAccount, { body: { ...values, smtp: toSave(values.smtp), revision: on.revision } }),
    onSuccess: async (now) => {
      conflict.leave();
      setBegan(now);
      setDraft(mailDraftOf(now));
      await queries.invalidateQueries({ queryKey: sessionKey });
      say("How workflows send is saved");
    },
    onError: async (problem) => {
      if (!(await conflict.meet(problem))) focusFirstFault(form.current ?? document);
    },
  });
  const { met } = conflict;
  const changed = met
    ? changedPlaces(mailParts(saved), mailParts(draft), mailParts(mailDraftOf(met.theirs)), {}, replacedBy(met.saved))
    : [];
  const resolve = (theirs: Account, choices: Choices) => {
    const parts = withChoices(mailParts(draft), mailParts(mailDraftOf(theirs)), changed, choices);
    const values = mailDraftFrom(parts, draft.smtp ?? blank);
    setBegan(theirs);
    setDraft(values);
    conflict.leave();
    mutate({ on: theirs, values });
  };
  const connects = useQuery(connectChoicesQuery).data?.items ?? [];
  const places = problemPlaces(error);
  const password = draft.smtp?.password ?? "";
  const [kept, setKept] = useState<string | null>(null);
  const [asked, setAsked] = useState<string | null>(null);
  const questioned = kept === password ? nothingOdd : questionPassword(draft.smtp, saved.smtp);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (questioned.questions.length === 0) return mutate({ on: began, values: draft });
    setAsked(password);
    return focusFirstQuestion(form.current ?? document);
  };
  return (
    <form ref={form} onSubmit={submit} noValidate aria-label="How workflows send">
      <div className="shead">
        <h2>Mail server</h2>
        <p>What Email actions of workflows are sent by.</p>
      </div>
      <div className="sform">
        <Switch
          label="Send e-mails"
          checked={draft.smtp !== null}
          disabled={readOnly}
          onChange={(event) => setDraft({ ...draft, smtp: event.currentTarget.checked ? (saved.smtp ?? blank) : null })}
        />
        {draft.smtp !== null && (
          <SmtpFields
            smtp={draft.smtp}
            password={
              <SmtpPassword
                key={began.revision}
                smtp={draft.smtp}
                saved={saved.smtp}
                asked={asked === password}
                questioned={questioned}
                error={places["smtp.password"]}
                readOnly={readOnly}
                keep={() => setKept(password)}
                set={(typed) => setDraft({ ...draft, smtp: { ...(draft.smtp ?? blank), password: typed } })}
              />
            }
            places={places}
            readOnly={readOnly}
            set={(patch) => setDraft({ ...draft, smtp: { ...(draft.smtp ?? blank), ...patch } })}
          />
        )}
      </div>
      <div className="shead" style={{ marginTop: 12 }}>
        <h2>Providers</h2>
        <p>The connect that an action goes out through when it names none.</p>
      </div>
      <div className="sform">
        <Providers
          chosen={draft.provider_connects}
          places={places}
          readOnly={readOnly}
          set={(provider_connects) => setDraft({ ...draft, provider_connects })}
        />
        {error && Object.keys(places).length === 0 && (
          <span role="alert" className="savefault">
            {isConflict(error) ? conflictWords : problemWords(error)}
          </span>
        )}
        {!readOnly && (
          <div style={{ display: "flex", gap: 8, paddingBottom: 8 }}>
            <Button type="submit" loading={isPending} disabled={unsaved.length === 0}>
              Save settings
            </Button>
            {unsaved.length > 0 && (
              <Button
                type="button"
                variant="subtle"
                color="gray"
                onClick={() => {
                  setDraft(saved);
                  reset();
                }}
              >
                Discard
              </Button>
            )}
          </div>
        )}
      </div>
      {met && (
        <ConflictDrawer
          saved={met.saved}
          places={changed}
          words={{
            name: ({ key }) => mailPartName(key),
            show: (value, { key }) => mailPartText(key, value, (id) => connects.find((one) => one.id === id)?.name),
            settled: ({ key, changed: whose, base }) => key === "smtp.password" && whose === "theirs" && base !== "",
          }}
          verb="Save settings"
          saving={isPending}
          save={(choices) => resolve(met.theirs, choices)}
          back={conflict.leave}
        />
      )}
    </form>
  );
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Where nobody signs in, a stored password is of no use. */
const toSave = (smtp: Smtp | null): Smtp | null =>
  smtp?.username === "" && smtp.password === secretMask ? { ...smtp, password: "" } : smtp;

const securities = [
  { value: "starttls", label: "STARTTLS" },
  { value: "tls", label: "TLS from the first byte" },
  { value: "none", label: "None, in the clear" },
];
const usualPort = { starttls: 587, tls: 465, none: 25 } as const;

function SmtpFields({
  smtp,
  password,
  places,
  readOnly,
  set,
}: {
  smtp: Smtp;
  password: ReactNode;
  places: Readonly<Record<string, string>>;
  readOnly: boolean;
  set: (patch: Partial<Smtp>) => void;
}) {
  return (
    <>
      <TextInput
        label="Server"
        placeholder="smtp.example.com"
        classNames={{ input: "mono" }}
        value={smtp.host}
        error={places["smtp.host"]}
        disabled={readOnly}
        onChange={(event) => set({ host: event.currentTarget.value })}
      />
      <div className="two">
        <Select
          label="Encryption"
          data={securities}
          value={smtp.security}
          error={places["smtp.security"]}
          disabled={readOnly}
          onChange={(security) => {
            if (!security) return;
            const to = security as Smtp["security"];
            // a port that was the usual one follows
            set(smtp.port === usualPort[smtp.security] ? { security: to, port: usualPort[to] } : { security: to });
          }}
        />
        <NumberInput
          label="Port"
          hideControls
          min={1}
          max={65_535}
          thousandSeparator=""
          value={smtp.port}
          error={places["smtp.port"]}
          disabled={readOnly}
          onChange={(port) => set({ port: Number(port) || 0 })}
        />
      </div>
      <TextInput
        label="From"
        placeholder="Acme Calls <news@example.com>"
        value={smtp.from}
        error={places["smtp.from"]}
        disabled={readOnly}
        onChange={(event) => set({ from: event.currentTarget.value })}
      />
      <div className="two">
        <TextInput
          label={<Optional>User name</Optional>}
          aria-label="User name"
          autoComplete="off"
          value={smtp.username}
          error={places["smtp.username"]}
          disabled={readOnly}
          onChange={(event) => set({ username: event.currentTarget.value })}
        />
        {password}
      </div>
    </>
  );
}

const kinds = Object.entries(providerNames) as [keyof typeof providerNames, string][];

function Providers({
  chosen,
  places,
  readOnly,
  set,
}: {
  chosen: Account["provider_connects"];
  places: Readonly<Record<string, string>>;
  readOnly: boolean;
  set: (chosen: Account["provider_connects"]) => void;
}) {
  const connects = useQuery(connectChoicesQuery).data?.items ?? [];
  return kinds.map(([kind, label]) => (
    <Select
      key={kind}
      label={label}
      placeholder="None: can’t be switched on"
      clearable
      searchable
      clearButtonProps={{ "aria-label": `${label}: none` }}
      data={connects.map(({ id, name }) => ({ value: String(id), label: name }))}
      value={chosen[kind] === null ? null : String(chosen[kind])}
      error={places[`provider_connects.${kind}`]}
      disabled={readOnly}
      onChange={(id) => set({ ...chosen, [kind]: id === null ? null : Number(id) })}
    />
  ));
}
