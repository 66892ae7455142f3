import { NumberInput, SegmentedControl, Switch } from "@mantine/core";
import type { ConnectSettings } from "../../../src/contracts/connect.ts";
import type { FoldedProps } from "./draft.ts";
import { DurationChoice } from "./duration-choice.tsx";
import { Fold } from "./fold.tsx";
import { RetryChoice } from "./retry-choice.tsx";
import { presetOf, waitsOf } from "./retry-presets.ts";
import { SettingLabel } from "./setting-label.tsx";
import { shownDuration } from "./shown-duration.ts";
import { faultOf, wantsLook } from "./wants-look.ts";

const giveUpTimes = [
  ["60s", "60 s, real time"],
  ["1h", "1 hour"],
  ["1d", "1 day"],
  ["8d", "8 days"],
  ["30d", "30 days"],
] as const;

/** How long a call may take, and what happens when it goes wrong. */
export function RetrySettings({ draft, faults, remarks, readOnly }: FoldedProps) {
  const { values, set } = draft;
  const here = ["timeout_seconds", "give_up_after", "if_answer_lost", "follow_redirects", "retry"] as const;
  return (
    <Fold title="Time-out, retries" summary={summary(values)} wantsLook={wantsLook({ faults, remarks }, here)}>
      <div>
        <NumberInput
          id="setting-timeout_seconds"
          label={<SettingLabel of="timeout_seconds" />}
          description="For one call: connection, headers and body together. 1 to 120."
          suffix=" s"
          min={1}
          max={120}
          allowDecimal={false}
          hideControls
          disabled={readOnly}
          error={faults.timeout_seconds}
          value={values.timeout_seconds}
          onChange={(value) => set("timeout_seconds", Number(value) || 0)}
        />
        {remarks.timeout_seconds}
      </div>
      <DurationChoice
        of="give_up_after"
        usual={giveUpTimes}
        description="Counted from the event. Real time is for messages that are worthless late."
        value={values.give_up_after}
        set={(value) => set("give_up_after", value)}
        fault={faults.give_up_after}
        remark={remarks.give_up_after}
        readOnly={readOnly}
      />
      <RetryChoice
        value={values.retry}
        giveUpAfter={shownDuration(values.give_up_after)}
        set={(value, preset) => {
          set("retry", value);
          if (preset?.giveUpAfter) set("give_up_after", preset.giveUpAfter);
        }}
        fault={faultOf(faults, "retry")}
        remark={remarks.retry}
        readOnly={readOnly}
      />
      <div>
        <div className="mantine-InputWrapper-label">
          <SettingLabel of="if_answer_lost" />
        </div>
        <SegmentedControl
          id="setting-if_answer_lost"
          fullWidth
          disabled={readOnly}
          aria-label="When the answer is lost"
          classNames={{ root: "seg" }}
          data={[
            { value: "send_again", label: "Send again" },
            { value: "hold", label: "Hold for a person" },
          ]}
          value={values.if_answer_lost}
          onChange={(value) => set("if_answer_lost", value)}
        />
        <div className="mantine-InputWrapper-description">
          {values.if_answer_lost === "hold"
            ? "For vendors who pay per lead: a person looks before it goes again."
            : "The vendor may receive the same lead twice, under the same delivery id."}
        </div>
        {remarks.if_answer_lost}
      </div>
      <div>
        <Switch
          id="setting-follow_redirects"
          label="Follow redirects"
          description="Up to 3, to the same scheme, host and port."
          disabled={readOnly}
          checked={values.follow_redirects}
          onChange={(event) => set("follow_redirects", event.currentTarget.checked)}
        />
        {remarks.follow_redirects}
      </div>
    </Fold>
  );
}

function summary({ timeout_seconds, give_up_after, retry, if_answer_lost, follow_redirects }: ConnectSettings): string {
  const preset = presetOf(retry);
  const waits = waitsOf(retry);
  const named = preset && preset.key !== "default" ? `${preset.name.toLowerCase()}: ` : "";
  const plan = `${named}${waits.slice(0, 3).join(", ")}${waits.length > 3 ? " …" : ""}`;
  return [
    `${timeout_seconds} s`,
    retry === "off" ? "no retries" : `${plan} for ${shownDuration(give_up_after)}`,
    ...(if_answer_lost === "hold" ? ["hold when the answer is lost"] : []),
    ...(follow_redirects ? ["redirects"] : []),
  ].join(" · ");
}
