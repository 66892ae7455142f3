import { Select, TextInput } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { settingNames } from "../ui/setting-names.ts";
import { SettingLabel } from "./setting-label.tsx";

/** A length of time: one that is usual, or an own one. */
export function DurationChoice({
  of,
  usual,
  description,
  value,
  set,
  fault,
  remark,
  readOnly,
}: {
  of: "give_up_after" | "keep_order_for";
  usual: readonly (readonly [duration: string, words: string])[];
  description: string;
  value: string;
  set: (value: string) => void;
  fault: string | undefined;
  remark: ReactNode;
  readOnly: boolean;
}) {
  // what is being typed is no choice of the list, though it may read like one on the way
  const [typed, setTyped] = useState<string | null>(null);
  const own = typed === value || !usual.some(([duration]) => duration === value);
  const write = (text: string) => {
    setTyped(text);
    set(text);
  };
  return (
    <div>
      <Select
        id={own ? undefined : `setting-${of}`}
        label={<SettingLabel of={of} />}
        description={description}
        disabled={readOnly}
        data={[...usual.map(([duration, label]) => ({ value: duration, label })), { value: "own", label: "Own…" }]}
        value={own ? "own" : value}
        onChange={(chosen) => {
          if (chosen === "own") write(value);
          else if (chosen) {
            setTyped(null);
            set(chosen);
          }
        }}
        error={own ? undefined : fault}
      />
      {own && (
        <TextInput
          id={`setting-${of}`}
          mt={6}
          aria-label={`${settingNames[of]}: own length of time`}
          classNames={{ input: "mono" }}
          placeholder="2d12h"
          disabled={readOnly}
          error={fault}
          value={value}
          onChange={(event) => write(event.currentTarget.value.trim())}
        />
      )}
      {remark}
    </div>
  );
}
