import { NumberInput } from "@mantine/core";
import type { Action } from "../../../src/contracts/workflow.ts";
import { sayDuration } from "../../../src/contracts/time-words.ts";
import type { ReactElement } from "react";
import { nameOf, useChoices } from "./choices.ts";
import { EmailWords } from "./email-words.tsx";
import { FieldActionWords } from "./field-action-words.tsx";
import { Codes, Length, One } from "./inputs.tsx";
import { Pick, Value } from "./value.tsx";

export type ActionProps<Type extends Action["type"]> = {
  readonly action: Extract<Action, { type: Type }>;
  readonly set: (action: Action) => void;
  readonly fresh: boolean;
};

/** What an action does, as the rest of a sentence that begins with its name. */
export function ActionWords({ action, ...rest }: ActionProps<Action["type"]>): ReactElement | string | null {
  switch (action.type) {
    case "integration":
      return (
        <>
          send the lead to <Connect action={action} {...rest} />
        </>
      );
    case "status":
      return <Status action={action} {...rest} />;
    case "move":
      return <Move action={action} {...rest} />;
    case "field":
      return <FieldActionWords action={action} {...rest} />;
    case "callback":
      return (
        <>
          in{" "}
          <Value label="Callback in" words={sayDuration(action.in)} fresh={rest.fresh}>
            {() => (
              <Length label="Callback in" value={action.in} set={(length) => rest.set({ ...action, in: length })} />
            )}
          </Value>
        </>
      );
    case "callback_update":
      return <UpdateCallback action={action} {...rest} />;
    case "hopper":
      return <Hopper action={action} {...rest} />;
    case "dnc":
      return "the lead’s phone number";
    case "revenue":
      return (
        <Value label="Amount" words={String(action.amount)} fresh={rest.fresh}>
          {() => (
            <NumberInput
              label="Amount"
              description="Below zero takes it away."
              data-autofocus
              hideControls
              value={action.amount}
              onChange={(amount) => rest.set({ ...action, amount: Number(amount) || 0 })}
            />
          )}
        </Value>
      );
    case "email":
      return <EmailWords action={action} {...rest} />;
    case "sms":
    case "voice_broadcast":
    case "ringless_voicemail":
      break;
  }
  return (
    <>
      through <Connect action={action} provider {...rest} />
    </>
  );
}

type WithConnect = Extract<Action, { connect_id: unknown }>;

function Connect({
  action,
  provider = false,
  set,
  fresh,
}: {
  action: WithConnect;
  /** None chosen means the account's provider. */
  provider?: boolean;
  set: (action: Action) => void;
  fresh: boolean;
}) {
  const { connects } = useChoices();
  const id = action.connect_id === null ? 0 : Number(action.connect_id);
  const account = { value: "0", label: "The account’s provider" };
  const words = id === 0 ? (provider ? "the account’s provider" : "") : nameOf(connects, id);
  return (
    <Value label="Connect" words={words} fresh={fresh}>
      {(close) => (
        <One
          label="Connect"
          value={id === 0 && !provider ? null : String(id)}
          choices={provider ? [account, ...connects] : connects}
          none="There is no connect yet. Add one under Apps, Connect"
          set={(chosen) => {
            set({ ...action, connect_id: chosen === "0" ? null : Number(chosen) } as Action);
            close();
          }}
        />
      )}
    </Value>
  );
}

function Status({ action, set, fresh }: ActionProps<"status">) {
  const { statuses } = useChoices();
  return (
    <>
      to{" "}
      <Value label="Status" words={action.status} fresh={fresh}>
        {(close) => (
          <Codes
            label="Status"
            values={action.status === "" ? [] : [action.status]}
            choices={statuses}
            help="A status by its code."
            set={(list) => {
              set({ ...action, status: list.at(-1) ?? "" });
              if (list.length > 0) close();
            }}
          />
        )}
      </Value>
    </>
  );
}

function Move({ action, set, fresh }: ActionProps<"move">) {
  const { list } = useChoices();
  const id = Number(action.list_id);
  return (
    <>
      the lead to{" "}
      <Value label="List" words={id === 0 ? "" : nameOf(list, id)} fresh={fresh}>
        {(close) => (
          <One
            label="List"
            value={id === 0 ? null : String(id)}
            choices={list}
            none="There is no list yet"
            set={(chosen) => {
              set({ ...action, list_id: Number(chosen) as typeof action.list_id });
              close();
            }}
          />
        )}
      </Value>
    </>
  );
}

function UpdateCallback({ action, set, fresh }: ActionProps<"callback_update">) {
  const { in: length, remove: _, ...rest } = action;
  return (
    <>
      <Pick
        label="Update callback"
        value={action.remove ? "remove" : "move"}
        choices={[
          { value: "move", words: "move it" },
          { value: "remove", words: "remove it" },
        ]}
        set={(verb) => set(verb === "remove" ? { ...rest, remove: true } : { ...rest, in: length ?? "1d" })}
      />
      {!action.remove && (
        <>
          , to{" "}
          <Value label="Callback in" words={sayDuration(length ?? "")} fresh={fresh}>
            {() => <Length label="Callback in" value={length ?? ""} set={(now) => set({ ...rest, in: now })} />}
          </Value>{" "}
          from then
        </>
      )}
    </>
  );
}

function Hopper({ action, set, fresh }: ActionProps<"hopper">) {
  const { expires_in: minutes, ...rest } = action;
  return (
    <>
      with priority{" "}
      <Value label="Priority" words={String(action.priority)} fresh={fresh}>
        {() => (
          <NumberInput
            label="Priority"
            description="0 to 99. The highest is called first."
            min={0}
            max={99}
            allowDecimal={false}
            data-autofocus
            value={action.priority}
            onChange={(priority) => set({ ...action, priority: Number(priority) || 0 })}
          />
        )}
      </Value>
      ,{" "}
      <Value label="Expires" words={minutes === undefined ? "never expires" : `expires after ${minutes} min`}>
        {() => (
          <NumberInput
            label="Expires after, in minutes"
            description="1 to 300. Empty: it stays until it is called."
            min={1}
            max={300}
            allowDecimal={false}
            data-autofocus
            value={minutes ?? ""}
            onChange={(now) => set(now === "" ? rest : { ...rest, expires_in: Number(now) })}
          />
        )}
      </Value>
    </>
  );
}
