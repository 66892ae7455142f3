import "@mantine/core/styles/Slider.css";
import { NumberInput, Slider, Switch } from "@mantine/core";
import type { ReactNode } from "react";
import type { StopIf, WorkflowSettings } from "../../../src/contracts/workflow.ts";
import { ZoneValue } from "./delay-value.tsx";
import { EventsEditor } from "./events-editor.tsx";
import { Said } from "./remarks.tsx";
import { ScheduleValue } from "./schedule-value.tsx";
import { Pick, useReadOnly } from "./value.tsx";
import type { WorkflowDraft } from "./draft.ts";

/** General settings: for which leads, at what times, and what keeps it from firing. */
export function ForWhom({ draft }: { draft: WorkflowDraft }) {
  const { values, set } = draft;
  const readOnly = useReadOnly();
  const toggle = (name: "loop_protection" | "skip_if_pending", words: string) => (
    <span className="wtoggle">
      <span>{words}</span>
      <Switch
        size="xs"
        aria-label={name === "loop_protection" ? "Loop protection" : "Skip if pending actions"}
        checked={values[name]}
        disabled={readOnly}
        onChange={(event) => set(name, event.currentTarget.checked)}
      />
    </span>
  );
  return (
    <div className="panel">
      <Row name="Perform action on" at="percentage">
        <Percentage value={values.percentage} set={(percentage) => set("percentage", percentage)} readOnly={readOnly} />
      </Row>
      <Row name="Stop workflow if" at="stop_if">
        <StopWhen stopIf={values.stop_if} set={(stop) => set("stop_if", stop)} />
      </Row>
      <Row name="Schedule" at="schedule">
        <ScheduleValue schedule={values.schedule} set={(schedule) => set("schedule", schedule)} />, in{" "}
        <ZoneValue schedule={values.schedule} set={(schedule) => set("schedule", schedule)} />
      </Row>
      <Row name="Loop protection" at="loop_protection">
        {toggle("loop_protection", "Skipped when it fired 9 times for the lead in 3 minutes")}
      </Row>
      <Row name="Skip if pending" at="skip_if_pending">
        {toggle("skip_if_pending", "Skipped while the lead has actions of it that are not carried out yet")}
      </Row>
    </div>
  );
}

function Row({ name, at, children }: { name: string; at: keyof WorkflowSettings; children: ReactNode }) {
  return (
    <div className="wact wset">
      <div className="wevline">
        <span className="wsetname">{name}</span>
        <div className="wevsays">{children}</div>
      </div>
      <Said at={at} {...(at === "stop_if" ? { except: "stop_if.filter" } : {})} />
    </div>
  );
}

function Percentage({ value, set, readOnly }: { value: number; set: (percentage: number) => void; readOnly: boolean }) {
  return (
    <div className="wpercent">
      <Slider
        value={value}
        size={5}
        thumbSize={16}
        label={null}
        thumbLabel="Percentage of leads"
        disabled={readOnly}
        onChange={set}
      />
      <NumberInput
        size="xs"
        w={74}
        min={0}
        max={100}
        decimalScale={2}
        suffix=" %"
        hideControls
        aria-label="Perform action on, per cent of leads"
        disabled={readOnly}
        value={value}
        onChange={(now) => now !== "" && set(Number(now))}
      />
    </div>
  );
}

const stops = [
  { value: "never", words: "never" },
  { value: "reached", words: "the lead reaches a reached status" },
  { value: "final", words: "the lead reaches a final status" },
  { value: "filter", words: "the lead matches all of these" },
] as const;

/** What cancels a lead's pending actions and keeps the workflow from firing for it again. */
function StopWhen({ stopIf, set }: { stopIf: StopIf; set: (stopIf: StopIf) => void }) {
  const kind = typeof stopIf === "string" ? stopIf : "filter";
  return (
    <>
      <Pick
        label="Stop workflow if"
        value={kind}
        choices={stops}
        set={(to) => {
          if (to === kind) return;
          const blank = { type: "field", section: "lead", field: "", operator: "equals", active: true } as const;
          set(to === "filter" ? { filter: [blank] } : to);
        }}
      />
      {typeof stopIf === "object" && (
        <div className="wstop">
          <EventsEditor events={stopIf.filter} path="stop_if.filter" set={(filter) => set({ filter })} />
        </div>
      )}
    </>
  );
}
