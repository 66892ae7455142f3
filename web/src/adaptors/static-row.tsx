import { IconLock } from "@tabler/icons-react";
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
          placeholder="value"
          aria-label={`Static pair ${row.to}: value`}
          aria-describedby={remarkId}
          aria-invalid={bad || undefined}
          data-col="default"
          maxLength={8000}
          spellCheck={false}
          autoComplete="off"
          disabled={readOnly}
          onFocus={(event) => kept && event.currentTarget.select()}
          onChange={(event) => set({ value: event.currentTarget.value })}
        />
      </div>
      <div className="ak">
        <StaticFormat id={id} row={row} secret={secret} dispatch={dispatch} readOnly={readOnly} />
      </div>
    </>
  );
}
