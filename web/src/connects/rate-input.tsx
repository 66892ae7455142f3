import { NumberInput, SegmentedControl } from "@mantine/core";
import { useState, type ReactNode } from "react";
import type { ConnectSettings } from "../../../src/contracts/connect.ts";
import { countOf, rateOf, unitOf, type RateUnit } from "./rate.ts";
import { SettingLabel } from "./setting-label.tsx";

/** How many calls the vendor takes, in the unit in which the vendor says it; empty is no limit. */
export function RateInput({
  value,
  set,
  fault,
  remark,
  readOnly,
}: {
  value: ConnectSettings["rate"];
  set: (value: ConnectSettings["rate"]) => void;
  fault: string | undefined;
  remark: ReactNode;
  readOnly: boolean;
}) {
  const [chosen, setChosen] = useState<RateUnit | null>(null);
  const unit = chosen ?? unitOf(value);
  const count = value === null ? "" : countOf(value, unit);
  return (
    <div>
      <div className="mantine-InputWrapper-label">
        <label htmlFor="setting-rate">
          <SettingLabel of="rate" optional />
        </label>
      </div>
      <div className="rate">
        <NumberInput
          id="setting-rate"
          placeholder="No limit"
          decimalScale={2}
          allowNegative={false}
          thousandSeparator=","
          hideControls
          disabled={readOnly}
          error={fault !== undefined}
          aria-describedby="rate-words"
          value={count}
          onChange={(typed) => {
            // the unit stays as it is while a number is being typed
            setChosen(unit);
            set(typed === "" ? null : rateOf(Number(typed), unit));
          }}
        />
        <SegmentedControl
          disabled={readOnly}
          aria-label="Rate: per"
          classNames={{ root: "seg" }}
          data={[
            { value: "second", label: "a second" },
            { value: "minute", label: "a minute" },
          ]}
          value={unit}
          onChange={(next) => {
            setChosen(next);
            // the number stays: it is the unit that was wrong
            if (value !== null) set(rateOf(Number(count), next));
          }}
        />
      </div>
      <div id="rate-words">
        {fault !== undefined && <div className="mantine-InputWrapper-error ratefault">{fault}</div>}
        <div className="mantine-InputWrapper-description">
          Calls, evenly spread. Empty: as fast as the vendor answers. What waits uses up no attempt.
        </div>
      </div>
      {remark}
    </div>
  );
}
