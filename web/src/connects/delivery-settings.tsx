import { NumberInput, SegmentedControl, Select, Switch, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronRight } from "@tabler/icons-react";
import { useState } from "react";
import { defaultRetrySchedule, type ConnectSettings } from "../../../src/contracts/connect.ts";
import { durationMs } from "../api.ts";
import { showDuration } from "../ui/time.tsx";
import type { FormProps } from "./draft.ts";
import { SettingLabel } from "./setting-label.tsx";

const preset = [
  ["60s", "60 s, real time"],
  ["1h", "1 hour"],
  ["1d", "1 day"],
  ["8d", "8 days"],
  ["30d", "30 days"],
] as const;

/** Rare settings, folded into one line that shows their values. */
export function DeliverySettings({ draft, faults, remarks, readOnly }: Omit<FormProps, "saved">) {
  const { values, set } = draft;
  const at = ["timeout_seconds", "give_up_after", "if_answer_lost", "follow_redirects", "retry"] as const;
  const wrong =
    at.some((name) => Boolean(faults[name]) || Boolean(remarks[name])) ||
    Object.keys(faults).some((path) => path.startsWith("retry"));
  const [opened, { toggle }] = useDisclosure(false);
  const open = opened || wrong;
  return (
    <div className="fold">
      <button type="button" className="foldhead" aria-expanded={open} onClick={toggle}>
        <IconChevronRight size={16} aria-hidden className="dim" style={{ rotate: open ? "90deg" : undefined }} />
        Time-out, retries
        <span className="dim">{summary(values)}</span>
      </button>
      {open && (
        <div className="two foldbody">
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
          <GiveUpAfter
            value={values.give_up_after}
            set={(value) => set("give_up_after", value)}
            fault={faults.give_up_after}
            readOnly={readOnly}
          />
          <RetryChoice value={values.retry} set={(value) => set("retry", value)} faults={faults} readOnly={readOnly} />
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
        </div>
      )}
    </div>
  );
}

function summary({ timeout_seconds, give_up_after, retry, if_answer_lost, follow_redirects }: ConnectSettings): string {
  const plan =
    retry === "off"
      ? "no retries"
      : (retry === "default" ? defaultRetrySchedule : retry.schedule).slice(0, 3).join(", ") + " …";
  return [
    `${timeout_seconds} s`,
    retry === "off" ? plan : `${plan} ${shownDuration(give_up_after)}`,
    ...(if_answer_lost === "hold" ? ["hold when the answer is lost"] : []),
    ...(follow_redirects ? ["redirects"] : []),
  ].join(" · ");
}

const valid = /^(?=\d)(\d{1,6}d)?(\d{1,6}h)?(\d{1,6}m)?(\d{1,8}s)?$/;
const shownDuration = (text: string): string => (valid.test(text) ? showDuration(durationMs(text)) : text);

function GiveUpAfter({
  value,
  set,
  fault,
  readOnly,
}: {
  value: string;
  set: (value: string) => void;
  fault: string | undefined;
  readOnly: boolean;
}) {
  const listed = preset.some(([duration]) => duration === value);
  const [own, setOwn] = useState(!listed);
  return (
    <div>
      <Select
        id={own ? undefined : "setting-give_up_after"}
        label={<SettingLabel of="give_up_after" />}
        description="Counted from the event. Real time is for messages that are worthless late."
        disabled={readOnly}
        data={[...preset.map(([duration, label]) => ({ value: duration, label })), { value: "own", label: "Own…" }]}
        value={own ? "own" : value}
        onChange={(chosen) => {
          setOwn(chosen === "own");
          if (chosen && chosen !== "own") set(chosen);
        }}
        error={own ? undefined : fault}
      />
      {own && (
        <TextInput
          id="setting-give_up_after"
          mt={6}
          aria-label="Give up after: own length of time"
          classNames={{ input: "mono" }}
          placeholder="2d12h"
          disabled={readOnly}
          error={fault}
          value={value}
          onChange={(event) => set(event.currentTarget.value.trim())}
        />
      )}
    </div>
  );
}

function RetryChoice({
  value,
  set,
  faults,
  readOnly,
}: {
  value: ConnectSettings["retry"];
  set: (value: ConnectSettings["retry"]) => void;
  faults: Readonly<Record<string, string>>;
  readOnly: boolean;
}) {
  const kind = typeof value === "string" ? value : "own";
  const [text, setText] = useState(() =>
    (typeof value === "string" ? defaultRetrySchedule : value.schedule).join(", "),
  );
  const fault = Object.entries(faults).find(([path]) => path.startsWith("retry"))?.[1];
  const own = (list: string) => set({ schedule: list.split(/[\s,]+/).filter(Boolean) });
  return (
    <div>
      <div className="mantine-InputWrapper-label">
        <SettingLabel of="retry" />
      </div>
      <SegmentedControl
        id="setting-retry"
        fullWidth
        disabled={readOnly}
        aria-label="Retry"
        classNames={{ root: "seg" }}
        data={[
          { value: "default", label: "Default" },
          { value: "off", label: "Off" },
          { value: "own", label: "Own" },
        ]}
        value={kind}
        onChange={(chosen) => (chosen === "own" ? own(text) : set(chosen))}
      />
      {kind === "own" ? (
        <TextInput
          mt={6}
          aria-label="Waits between attempts"
          classNames={{ input: "mono" }}
          description="Waits after the first, second, … attempt; then every 24 h."
          disabled={readOnly}
          error={fault}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            own(event.currentTarget.value);
          }}
        />
      ) : (
        <div className="mantine-InputWrapper-description">
          {kind === "off"
            ? "One attempt. Busy vendors and network faults end as failed."
            : `${defaultRetrySchedule.join(", ")}, then every 24 h. Retry-After is obeyed.`}
        </div>
      )}
    </div>
  );
}
