import { IconLock } from "@tabler/icons-react";
import { useState } from "react";
import { secretMask } from "../../../src/contracts/connect.ts";
import { Unseen } from "../ui/atoms.tsx";
import type { CellsProps } from "./row-props.ts";
import { looksSecret, type EditorRow } from "./rows.ts";
import { StaticFormat } from "./static-format.tsx";

type StaticEditorRow = Extract<EditorRow, { field: null }>;

/** A key and a constant value, for what a vendor always wants. */
export function StaticCells({ row: { id, row }, dispatch, bad, remarkId, at, readOnly }: CellsProps<StaticEditorRow>) {
  const set = (patch: Partial<typeof row>) => dispatch({ do: "row", id, row: { ...row, ...patch } });
  const secret = row.secret ?? looksSecret(row.to);
  const kept = secret && row.value.includes(secretMask);
  // the mask of what is stored, while something else is typed in its place
  const [old, setOld] = useState<string | null>(null);
  const stored = kept ? null : old;
  return (
    <>
      <div className="af">
        <span className="trunc" style={{ fontWeight: 500 }}>
          {at !== null && <span className="dim num">{at + 1} </span>}
          Static pair
          {secret && (
            <>
              <IconLock size={12} className="dim" aria-hidden />
              <Unseen>secret</Unseen>
            </>
          )}
        </span>
        <span className="mono dim trunc">{kept ? "stored, hidden" : "always sent"}</span>
      </div>
      <div className="at">
        <input
          className="cell mono"
          value={row.to}
          placeholder="the vendor's name"
          aria-label="Static pair: mapped to"
          aria-describedby={remarkId}
          data-col="to"
          maxLength={500}
          spellCheck={false}
          autoComplete="off"
          disabled={readOnly}
          onChange={(event) => set({ to: event.currentTarget.value })}
        />
      </div>
      <div className="ad">
        <input
          className="cell"
          value={row.value}
          placeholder={stored ?? "value"}
          aria-label={`Static pair ${row.to}: value`}
          aria-describedby={remarkId}
          aria-invalid={bad || undefined}
          data-col="default"
          maxLength={8000}
          spellCheck={false}
          autoComplete="off"
          disabled={readOnly}
          onFocus={(event) => kept && event.currentTarget.select()}
          onChange={(event) => {
            if (kept) setOld(row.value);
            set({ value: secret ? wholeSecret(event.currentTarget.value) : event.currentTarget.value });
          }}
        />
        {stored !== null && (
          <button
            type="button"
            className="lnk cancelcell"
            aria-label={`Cancel replacing the value of ${row.to}`}
            onClick={() => set({ value: stored })}
          >
            Cancel
          </button>
        )}
      </div>
      <div className="ak">
        <StaticFormat id={id} row={row} secret={secret} dispatch={dispatch} readOnly={readOnly} />
      </div>
    </>
  );
}

/** Typed into a mask, new text takes its whole place: what is stored can't be added to. */
function wholeSecret(typed: string): string {
  const isMixed = typed.split(/\{[^{}]*\}/).some((piece) => piece.includes("•") && piece !== secretMask);
  return isMixed ? typed.replaceAll("•", "") : typed;
}
