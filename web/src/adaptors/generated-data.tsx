import { IconAlertTriangle } from "@tabler/icons-react";
import { Fragment } from "react";
import type { GeneratedData as Data } from "../../../src/contracts/endpoints/connects.ts";
import type { LeadSummary } from "../../../src/contracts/lead.ts";
import { Json, laidOut, WithSecrets } from "../ui/code.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { Fault } from "../ui/fault.tsx";
import { LeadPicker } from "../ui/lead-picker.tsx";
import { Tabs } from "../ui/tabs.tsx";
import type { Remark } from "./row-props.ts";
import { labelOf, type EditorRow } from "./rows.ts";

export type Shown = "get" | "raw" | "json";

const tabs = [
  ["get", "GET string"],
  ["raw", "POST RAW"],
  ["json", "POST JSON"],
] as const;

/** What the adaptor makes of a lead, in the three ways a vendor may want it. Follows every edit. */
export function GeneratedData({
  data,
  error,
  again,
  lead,
  chooseLead,
  shown,
  show,
  remarked,
}: {
  data: Data | undefined;
  error: unknown;
  again: () => void;
  lead: LeadSummary | null;
  chooseLead: (lead: LeadSummary) => void;
  shown: Shown;
  show: (shown: Shown) => void;
  remarked: readonly (readonly [EditorRow, Remark])[];
}) {
  const text = data ? (shown === "json" ? laidOut(data.json) : data[shown]) : "";
  return (
    <>
      <div className="genhead">
        <div>
          <h2>Generated Data</h2>
          <span style={{ marginLeft: "auto" }}>{text !== "" && <CopyButton text={text} label="Copy" />}</span>
        </div>
        <div style={{ fontSize: 13 }}>
          <span className="dim">of</span>
          <LeadPicker lead={lead} choose={chooseLead} label="Generated Data of" />
        </div>
      </div>
      <div style={{ padding: "4px 20px 0" }}>
        <Tabs flush items={tabs} at={shown} go={(id) => show(id as Shown)}>
          {null}
        </Tabs>
      </div>
      {error ? (
        <div style={{ padding: "4px 20px" }}>
          <Fault what="Generated Data could not be made." error={error} again={again} />
        </div>
      ) : text === "" ? (
        <div className="gencode dim" style={{ fontSize: 13 }}>
          {data && "Nothing is sent yet. Write the vendor’s name beside a field."}
        </div>
      ) : (
        // long data scrolls, so it must be reachable by the keyboard
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <pre className="code gencode" tabIndex={0} aria-label={tabs.find(([id]) => id === shown)?.[1]}>
          {shown === "json" ? <Json text={text} /> : <WithSecrets text={text} />}
        </pre>
      )}
      {remarked.length > 0 && <Remarks remarked={remarked} />}
    </>
  );
}

function Remarks({ remarked }: { remarked: readonly (readonly [EditorRow, Remark])[] }) {
  const bad = remarked.filter(([, remark]) => remark.bad);
  const rows = (bad.length > 0 ? bad : remarked).map(([row]) => row);
  const stops = bad.length > 0;
  return (
    <div className="genwarn">
      <div style={{ color: `var(--pb-${stops ? "failed" : "retrying"})` }}>
        <IconAlertTriangle size={15} aria-hidden />
        <span>
          {stops
            ? `${rows.length === 1 ? "One row" : `${rows.length} rows`} can’t be used as ${rows.length === 1 ? "it is" : "they are"}`
            : `${rows.length} warning${rows.length === 1 ? "" : "s"}`}
        </span>
      </div>
      <p className="dim">
        {rows.slice(0, 6).map((row, at) => (
          <Fragment key={row.id}>
            {at > 0 && (at === Math.min(rows.length, 6) - 1 && rows.length <= 6 ? " and " : ", ")}
            <button type="button" className="lnk" onClick={() => goTo(row.id)}>
              {labelOf(row)}
            </button>
          </Fragment>
        ))}
        {rows.length > 6 && ` and ${rows.length - 6} more`}.
      </p>
    </div>
  );
}

function goTo(id: string): void {
  const cell = document.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"] [data-col]`);
  cell?.scrollIntoView({ block: "center" });
  cell?.focus({ preventScroll: true });
}
