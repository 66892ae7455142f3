import { Autocomplete, NumberInput, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ConnectSettings, DeliveryOrder } from "../../../src/contracts/connect.ts";
import type { FoldedProps } from "./draft.ts";
import { DurationChoice } from "./duration-choice.tsx";
import { Fold } from "./fold.tsx";
import { connectsQuery } from "./queries.ts";
import { RateInput } from "./rate-input.tsx";
import { rateWords } from "./rate.ts";
import { SettingLabel } from "./setting-label.tsx";
import { shownDuration } from "./shown-duration.ts";
import { faultOf, wantsLook } from "./wants-look.ts";

const orders: Record<DeliveryOrder, { name: string; words: string }> = {
  per_lead: {
    name: "Keep order per lead",
    words: "A lead’s deliveries go out one after the other, in the order in which they came.",
  },
  newest_wins: {
    name: "Newest wins",
    words: "Only a lead’s newest delivery goes out; an older one that still waits is discarded.",
  },
  none: {
    name: "As they come",
    words: "A lead’s deliveries go out side by side; the vendor may get them in any order.",
  },
};
const keepTimes = [
  ["1m", "1 minute"],
  ["10m", "10 minutes"],
  ["1h", "1 hour"],
  ["1d", "1 day"],
] as const;

/** How many calls at once, how fast, and in which order. */
export function PaceSettings({ draft, faults, remarks, readOnly }: FoldedProps) {
  const { values, set } = draft;
  const here = ["concurrency", "rate", "order", "order_group", "keep_order_for"] as const;
  const ordered = values.order !== "none";
  return (
    <Fold title="Pace, order" summary={summary(values)} wantsLook={wantsLook({ faults, remarks }, here)}>
      <div>
        <NumberInput
          id="setting-concurrency"
          label={<SettingLabel of="concurrency" />}
          description="Calls to this vendor under way at the same time. 1 to 1,000."
          min={1}
          max={1000}
          allowDecimal={false}
          hideControls
          disabled={readOnly}
          error={faults.concurrency}
          value={values.concurrency}
          onChange={(value) => set("concurrency", Number(value) || 0)}
        />
        {remarks.concurrency}
      </div>
      <RateInput
        value={values.rate}
        set={(value) => set("rate", value)}
        fault={faultOf(faults, "rate")}
        remark={remarks.rate}
        readOnly={readOnly}
      />
      <div>
        <Select
          id="setting-order"
          label={<SettingLabel of="order" />}
          description={orders[values.order].words}
          disabled={readOnly}
          error={faults.order}
          data={Object.entries(orders).map(([value, { name }]) => ({ value, label: name }))}
          value={values.order}
          onChange={(value) => value && set("order", value as DeliveryOrder)}
        />
        {remarks.order}
      </div>
      {ordered && (
        <DurationChoice
          of="keep_order_for"
          usual={keepTimes}
          description="When a delivery fails, the lead’s next ones wait this long for it, then go ahead of it."
          value={values.keep_order_for}
          set={(value) => set("keep_order_for", value)}
          fault={faults.keep_order_for}
          remark={remarks.keep_order_for}
          readOnly={readOnly}
        />
      )}
      {(ordered || values.order_group !== "") && (
        <div>
          <OrderGroup
            saved={draft.changed("name") ? null : values.name}
            value={values.order_group}
            set={(value) => set("order_group", value)}
            fault={faults.order_group}
            readOnly={readOnly}
          />
          {remarks.order_group}
        </div>
      )}
    </Fold>
  );
}

function summary({ concurrency, rate, order, order_group, keep_order_for }: ConnectSettings): string {
  const group = order_group === "" ? "" : ` with ${order_group}`;
  const kept = {
    per_lead: `order kept per lead${group}, ${shownDuration(keep_order_for)}`,
    newest_wins: `newest wins${group}`,
    none: "as they come",
  }[order];
  return [`${concurrency.toLocaleString("en")} at once`, rateWords(rate), kept].join(" · ");
}

/** The group by its name: one that other connects have, or a new one. */
function OrderGroup({
  saved,
  value,
  set,
  fault,
  readOnly,
}: {
  /** This connect's name. */
  saved: string | null;
  value: string;
  set: (value: string) => void;
  fault: string | undefined;
  readOnly: boolean;
}) {
  const connects = useQuery(connectsQuery).data?.items ?? [];
  const groups = new Set(connects.map(({ order_group }) => order_group).filter(Boolean));
  const mates = connects.filter(({ name, order_group }) => order_group === value.trim() && name !== saved);
  return (
    <Autocomplete
      id="setting-order_group"
      label={<SettingLabel of="order_group" optional />}
      placeholder="This connect alone"
      maxLength={100}
      disabled={readOnly}
      error={fault}
      data={[...groups]}
      value={value}
      onChange={set}
      description={
        value.trim() !== "" && mates.length > 0
          ? `One order together with ${mates.map(({ name }) => name).join(", ")}.`
          : "Connects with the same group keep one order for a lead, such as call start, call stop and disposition."
      }
    />
  );
}
