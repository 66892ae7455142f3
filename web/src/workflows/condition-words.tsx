import type { ReactElement } from "react";
import { callTypes, type SimpleCondition } from "../../../src/contracts/workflow.ts";
import { nameOf, useChoices } from "./choices.ts";
import { compared, ComparisonWords } from "./comparison.tsx";
import { termReasons } from "./condition-kinds.ts";
import { Codes, Several } from "./inputs.tsx";
import { ConnectOutcome, FieldWords, Happened, SubmittedBy } from "./condition-words-chosen.tsx";
import type { ConditionProps as Props } from "./condition-kinds.ts";
import { Value } from "./value.tsx";
import { anyOf } from "./words.ts";

/** What an event asks, as the rest of a sentence that begins with its name. */
export function ConditionWords({ condition, ...rest }: Props<SimpleCondition["type"]>): ReactElement | string | null {
  switch (condition.type) {
    case "disposition":
    case "redisposition":
      return <Statuses condition={condition} {...rest} />;
    case "call_count":
      return (
        <ComparisonWords
          label="Call Count"
          comparison={condition}
          kind="number"
          countOnly
          fresh={rest.fresh}
          set={(comparison) => rest.set(compared(condition, comparison))}
        />
      );
    case "call_type":
      return <CallTypes condition={condition} {...rest} />;
    case "callback":
      return "was scheduled";
    case "hopper_expired":
      return "uncalled";
    case "lead_action":
      return <LeadAction condition={condition} {...rest} />;
    case "field":
      return <FieldWords condition={condition} {...rest} />;
    case "lead_status":
      return <LeadStatus condition={condition} {...rest} />;
    case "submitted_by":
      return <SubmittedBy condition={condition} {...rest} />;
    case "term_reason":
      return (
        <>
          is{" "}
          <Value label="Term Reason" words={anyOf(condition.reasons)} fresh={rest.fresh}>
            {() => (
              <Codes
                label="Term Reason"
                values={condition.reasons}
                choices={termReasons}
                set={(reasons) => rest.set({ ...condition, reasons })}
              />
            )}
          </Value>
        </>
      );
    case "email_event":
      return "opened";
    case "connect_outcome":
      return <ConnectOutcome condition={condition} {...rest} />;
    case "happened":
      break;
  }
  return <Happened condition={condition} {...rest} />;
}

function Statuses({ condition, set, fresh }: Props<"disposition" | "redisposition">) {
  const { statuses } = useChoices();
  const label = condition.type === "disposition" ? "Disposition" : "Redisposition";
  return (
    <>
      is{" "}
      <Value label={label} words={anyOf(condition.statuses)} fresh={fresh}>
        {() => (
          <Codes
            label={label}
            values={condition.statuses}
            choices={statuses}
            help="Statuses by their code. One of them has to match."
            set={(list) => set({ ...condition, statuses: list })}
          />
        )}
      </Value>
    </>
  );
}

function CallTypes({ condition, set, fresh }: Props<"call_type">) {
  return (
    <>
      is{" "}
      <Value label="Call Type" words={anyOf(condition.call_types)} fresh={fresh}>
        {() => (
          <Several
            label="Call Type"
            values={condition.call_types}
            choices={callTypes.map((value) => ({ value, label: value }))}
            none=""
            set={(list) => set({ ...condition, call_types: list as typeof condition.call_types })}
          />
        )}
      </Value>
    </>
  );
}

const leadActions = [
  { value: "create", label: "Create" },
  { value: "save", label: "Save" },
  { value: "delete", label: "Delete" },
];

function LeadAction({ condition, set, fresh }: Props<"lead_action">) {
  return (
    <>
      is{" "}
      <Value label="Lead Action" words={anyOf(condition.actions.map((one) => nameOf(leadActions, one)))} fresh={fresh}>
        {() => (
          <Several
            label="Lead Action"
            values={condition.actions}
            choices={leadActions}
            none=""
            help="A bulk upload never fires it."
            set={(list) => set({ ...condition, actions: list as typeof condition.actions })}
          />
        )}
      </Value>
    </>
  );
}

function LeadStatus({ condition, set, fresh }: Props<"lead_status">) {
  const { statuses } = useChoices();
  const side = (name: "from" | "to") => (
    <Value
      label={`Lead Status ${name}`}
      words={condition[name] === undefined ? "any status" : anyOf(condition[name])}
      fresh={fresh && name === "to"}
    >
      {() => (
        <Codes
          label={name === "from" ? "From status" : "To status"}
          values={condition[name] ?? []}
          choices={statuses}
          help="Empty: any status."
          set={(list) => {
            const { [name]: _, ...rest } = condition;
            set(list.length === 0 ? rest : { ...rest, [name]: list });
          }}
        />
      )}
    </Value>
  );
  return (
    <>
      changed from {side("from")} to {side("to")}
    </>
  );
}
