import { IconAlertTriangle, IconArrowDown, IconArrowUp, IconLock } from "@tabler/icons-react";
import { memo } from "react";
import { Unseen } from "../ui/atoms.tsx";
import { RowFormat } from "./row-format.tsx";
import { labelOf, questionRow, spokenLabel, type EditorRow } from "./rows.ts";
import type { CellsProps, RowProps } from "./row-props.ts";
import { StaticCells } from "./static-row.tsx";

/** One row. Memoised on plain values, so that typing in one of 83 draws one. */
export const Row = memo(function Row(props: RowProps) {
  const { row, remark, bad, at, last, dispatch, readOnly } = props;
  const label = labelOf(row);
  const { tidy } = questionRow(row);
  const remarkId = remark ? `${row.id}-remark` : undefined;
  return (
    <div className={rowClass(row)} data-row={row.id}>
      {row.field ? (
        <FieldCells {...props} row={row} remarkId={remarkId} />
      ) : (
        <StaticCells {...props} row={row} remarkId={remarkId} />
      )}
      {at !== null && (
        <div className="amove">
          <button
            type="button"
            className="iconbtn"
            aria-label={`Move ${label} up`}
            disabled={at === 0 || readOnly}
            onClick={() => dispatch({ do: "move", id: row.id, step: -1 })}
          >
            <IconArrowUp size={15} aria-hidden />
          </button>
          <button
            type="button"
            className="iconbtn"
            aria-label={`Move ${label} down`}
            disabled={last || readOnly}
            onClick={() => dispatch({ do: "move", id: row.id, step: 1 })}
          >
            <IconArrowDown size={15} aria-hidden />
          </button>
        </div>
      )}
      {remark && (
        <div className={bad ? "aw bad" : "aw"} id={remarkId}>
          <IconAlertTriangle size={14} aria-hidden />
          <span>{remark}</span>
          {tidy !== null && (
            <button
              type="button"
              className="lnk nowrap"
              onClick={() =>
                row.field === null && dispatch({ do: "row", id: row.id, row: { ...row.row, value: tidy } })
              }
            >
              Put it right
            </button>
          )}
        </div>
      )}
    </div>
  );
});

function rowClass({ field, row }: EditorRow): string {
  if (!field) return "arow pair";
  return row.to === "" ? "arow off" : "arow";
}

const sectionWords = { lead: "lead", call: "call", extra: "extra" } as const;

function FieldCells({
  row: { id, field, row },
  dispatch,
  bad,
  remarkId,
  suggest,
  at,
  readOnly,
}: CellsProps<Extract<EditorRow, { field: object }>>) {
  const set = (patch: Partial<typeof row>) => dispatch({ do: "row", id, row: { ...row, ...patch } });
  const suggested = suggest && row.to === "" && !readOnly;
  return (
    <>
      <div className="af">
        <span className="trunc" style={{ fontWeight: 500 }}>
          {at !== null && <span className="dim num">{at + 1} </span>}
          {field.label}
          {field.system && (
            <>
              <IconLock size={12} className="dim" aria-hidden />
              <Unseen>kept by the system</Unseen>
            </>
          )}
        </span>
        <span className="mono dim trunc">
          {field.name}
          {at !== null && field.section !== "lead" && ` · ${sectionWords[field.section]}`}
        </span>
      </div>
      <div className="at">
        <input
          className="cell mono"
          value={row.to}
          placeholder={suggested ? "" : "not sent"}
          aria-label={`${spokenLabel(field)}: mapped to`}
          aria-describedby={remarkId}
          aria-invalid={bad || undefined}
          data-col="to"
          maxLength={500}
          spellCheck={false}
          autoComplete="off"
          disabled={readOnly}
          onChange={(event) => set({ to: event.currentTarget.value })}
        />
        {suggested && (
          <button type="button" className="sugg trunc" onClick={() => set({ to: field.name })}>
            Use <span className="mono">{field.name}</span>
          </button>
        )}
      </div>
      <div className="ad">
        <input
          className="cell"
          value={row.default}
          placeholder={field.system ? "" : "–"}
          aria-label={`${spokenLabel(field)}: default value`}
          title={field.system ? "Kept by the system: never empty, so it takes no default" : undefined}
          data-col="default"
          maxLength={2000}
          autoComplete="off"
          disabled={field.system || readOnly}
          onChange={(event) => set({ default: event.currentTarget.value })}
        />
      </div>
      <div className="ak">
        <RowFormat id={id} field={field} row={row} dispatch={dispatch} readOnly={readOnly} />
      </div>
    </>
  );
}
