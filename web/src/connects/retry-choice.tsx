import { Select, TextInput } from "@mantine/core";
import { useState, type ReactNode } from "react";
import type { ConnectSettings } from "../../../src/contracts/connect.ts";
import { SettingLabel } from "./setting-label.tsx";
import { presetOf, retryPresets, sameWaits, typedWaits, waitsOf, type RetryPreset } from "./retry-presets.ts";

/** When a delivery that failed is tried again: a preset, or an own list of waits. */
export function RetryChoice({
  value,
  giveUpAfter,
  set,
  fault,
  remark,
  readOnly,
}: {
  value: ConnectSettings["retry"];
  giveUpAfter: string;
  /** `preset`: what was chosen, with all that it sets. */
  set: (value: ConnectSettings["retry"], preset?: RetryPreset) => void;
  fault: string | undefined;
  remark: ReactNode;
  readOnly: boolean;
}) {
  const [typed, setTyped] = useState<string | null>(null);
  const typing = typed !== null && typeof value === "object" && sameWaits(typedWaits(typed), value.schedule);
  const preset = typing ? undefined : presetOf(value);
  const write = (text: string) => {
    setTyped(text);
    set({ schedule: typedWaits(text) });
  };
  return (
    <div>
      <Select
        id={preset ? "setting-retry" : undefined}
        label={<SettingLabel of="retry" />}
        description={preset && planWords(value, giveUpAfter)}
        disabled={readOnly}
        data={[
          ...retryPresets.map(({ key, name }) => ({ value: key, label: name })),
          { value: "own", label: "Own list…" },
        ]}
        value={preset?.key ?? "own"}
        onChange={(chosen) => {
          const now = retryPresets.find(({ key }) => key === chosen);
          if (now) {
            setTyped(null);
            set(now.retry, now);
          } else if (chosen === "own" && preset) {
            write((preset.retry === "off" ? waitsOf("default") : waitsOf(preset.retry)).join(", "));
          }
        }}
        error={preset ? fault : undefined}
      />
      {!preset && (
        <TextInput
          id="setting-retry"
          mt={6}
          aria-label="Waits between attempts"
          classNames={{ input: "mono" }}
          placeholder="5s, 30s, 2m"
          description={planWords(value, giveUpAfter)}
          disabled={readOnly}
          error={fault}
          value={typing ? typed : waitsOf(value).join(", ")}
          onChange={(event) => write(event.currentTarget.value)}
        />
      )}
      {remark}
    </div>
  );
}

function planWords(retry: ConnectSettings["retry"], giveUpAfter: string): string {
  if (retry === "off") return "One attempt. Busy vendors and network faults end as failed.";
  const waits = waitsOf(retry);
  const last = waits.at(-1);
  if (last === undefined) return "Waits after the first, second, … attempt, such as 5s, 30s, 2m.";
  const before = waits.length > 1 ? `After ${waits.slice(0, -1).join(", ")}, then every ${last}` : `Every ${last}`;
  return `${before}, until ${giveUpAfter} are over. A vendor that names a time is obeyed.`;
}
