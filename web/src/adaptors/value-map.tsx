import { IconArrowRight, IconX } from "@tabler/icons-react";
import { type ClipboardEvent, useRef } from "react";
import type { FieldRow } from "../../../src/contracts/adaptor.ts";
import type { FieldInfo } from "../ui/fields.ts";

type Pairs = FieldRow["value_map"];

/** Optional pairs such as `HU → Hang Up`. A pasted table fills as many rows as it has lines. */
export function ValueMap({ field, pairs, set }: { field: FieldInfo; pairs: Pairs; set: (pairs: Pairs) => void }) {
  const grid = useRef<HTMLDivElement>(null);
  const add = () => {
    set([...pairs, ["", ""]]);
    requestAnimationFrame(() => grid.current?.querySelector<HTMLElement>("input[data-last]")?.focus());
  };
  const change = (at: number, side: 0 | 1, value: string) =>
    set(pairs.map((pair, place) => (place === at ? (side === 0 ? [value, pair[1]] : [pair[0], value]) : pair)));
  const paste = (at: number) => (event: ClipboardEvent) => {
    const pasted = readPairs(event.clipboardData.getData("text"));
    if (pasted.length < 2) return;
    event.preventDefault();
    set([...pairs.slice(0, at), ...pasted, ...pairs.slice(at + 1)]);
  };
  const missing = field.options.filter((option) => !pairs.some(([ours]) => ours === option));
  return (
    <div className="fpart">
      <b>Value map</b>
      {pairs.length === 0 && (
        <div className="dim" style={{ fontSize: 12.5, marginBottom: 6 }}>
          Sends other words for this field’s values, such as Hang Up for HU. The rest goes as it is.
        </div>
      )}
      {pairs.length > 0 && (
        <div className="pairs" ref={grid}>
          {pairs.map(([ours, theirs], at) => (
            // a pair has no name of its own: its place is what it is
            // oxlint-disable-next-line react/no-array-index-key
            <Pair
              key={at}
              at={at}
              last={at === pairs.length - 1}
              {...{ ours, theirs, change, paste }}
              remove={() => set(pairs.toSpliced(at, 1))}
            />
          ))}
        </div>
      )}
      <div style={{ display: "flex", gap: 14, fontSize: 12.5, marginTop: 4 }}>
        <button type="button" className="lnk" onClick={add} disabled={pairs.length >= 500}>
          Add a pair
        </button>
        {missing.length > 0 && (
          <button
            type="button"
            className="lnk"
            onClick={() => set([...pairs, ...missing.map((option): [string, string] => [option, ""])])}
          >
            Add its {missing.length} choices
          </button>
        )}
        {pairs.length > 0 && <span className="dim">Or paste two columns.</span>}
      </div>
    </div>
  );
}

function Pair({
  at,
  last,
  ours,
  theirs,
  change,
  paste,
  remove,
}: {
  at: number;
  last: boolean;
  ours: string;
  theirs: string;
  change: (at: number, side: 0 | 1, value: string) => void;
  paste: (at: number) => (event: ClipboardEvent) => void;
  remove: () => void;
}) {
  return (
    <>
      <input
        className="cell"
        aria-label={`Value ${at + 1}`}
        value={ours}
        maxLength={500}
        data-last={last || undefined}
        onPaste={paste(at)}
        onChange={(event) => change(at, 0, event.currentTarget.value)}
      />
      <IconArrowRight size={13} className="dim" aria-hidden />
      <input
        className="cell"
        aria-label={`Value ${at + 1} is sent as`}
        value={theirs}
        maxLength={2000}
        onChange={(event) => change(at, 1, event.currentTarget.value)}
      />
      <button type="button" className="iconbtn" aria-label={`Remove pair ${at + 1}`} onClick={remove}>
        <IconX size={14} aria-hidden />
      </button>
    </>
  );
}

/** Lines of two columns, parted by a tab, →, = or a comma; a line of one column fills the first. */
function readPairs(text: string): Pairs {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [, ours, theirs = ""] = /^\s*(.*?)\s*(?:\t|→|=>|=|,)\s*(.*?)\s*$/.exec(line) ?? [];
      return [ours ?? line.trim(), theirs];
    });
}
