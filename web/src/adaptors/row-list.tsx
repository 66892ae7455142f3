import { useCallback, useState, type KeyboardEvent } from "react";
import { Row } from "./field-row.tsx";
import type { Remark } from "./row-props.ts";
import { isMapped, labelOf, type EditorRow } from "./rows.ts";
import type { Dispatch, EditorAction } from "./use-editor.ts";

export type RowListProps = {
  readonly rows: readonly EditorRow[];
  /** Mapped when last saved: they stay in the ordered list while they are being changed. */
  readonly savedIds: ReadonlySet<string>;
  readonly search: string;
  /** Only what is sent, in the order in which the vendor receives it. */
  readonly ordered: boolean;
  readonly suggesting: boolean;
  readonly remarks: ReadonlyMap<string, Remark>;
  readonly dispatch: Dispatch;
  readonly readOnly: boolean;
  readonly showAll: () => void;
};

export function RowList({ dispatch, ordered, ...props }: RowListProps) {
  const [moved, setMoved] = useState("");
  const act = useCallback(
    (action: EditorAction) => {
      dispatch(action);
      // the row's element moves in the page, and focus must go with it
      const had = document.activeElement;
      if (action.do === "move" && had instanceof HTMLElement) requestAnimationFrame(() => had.focus());
    },
    [dispatch],
  );
  const keys = (event: KeyboardEvent<HTMLDivElement>) => {
    const cell = event.target as HTMLElement;
    const id = cell.closest<HTMLElement>("[data-row]")?.dataset["row"];
    if (event.altKey && ordered && id && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      act({ do: "move", id, step: event.key === "ArrowUp" ? -1 : 1 });
      setMoved(whereWords(props.rows, id, event.key === "ArrowUp" ? -1 : 1));
    } else if (event.key === "Enter" && cell.dataset["col"]) {
      // as in a spreadsheet: down to the next cell of this column; the form is saved by its button or Ctrl+S
      event.preventDefault();
      const column = event.currentTarget.querySelectorAll<HTMLInputElement>(
        `[data-col="${cell.dataset["col"]}"]:not(:disabled)`,
      );
      const next = Array.from(column).indexOf(cell as HTMLInputElement) + (event.shiftKey ? -1 : 1);
      column[next]?.focus();
    }
  };
  return (
    // keys of the cells within, which are the controls
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div className={ordered ? "ordered" : undefined} onKeyDown={keys}>
      <div className="ahead" aria-hidden>
        <span>Field</span>
        <span>Mapped to</span>
        <span>Default value</span>
        <span style={{ paddingLeft: 8 }}>Type or format</span>
      </div>
      {ordered ? <OrderedRows {...props} dispatch={act} /> : <SectionRows {...props} dispatch={act} />}
      <output className="sr">{moved}</output>
    </div>
  );
}

type Props = Omit<RowListProps, "ordered">;

function OrderedRows({ rows, savedIds, search, remarks, dispatch, readOnly, showAll }: Props) {
  const sent = rows.filter(isMapped);
  const places = new Map(sent.map(({ id }, at) => [id, at]));
  const shown = rows.filter((row) => (isMapped(row) || savedIds.has(row.id)) && matches(row, search));
  return (
    <>
      <div className="asec">
        <h2>In the order the vendor receives them</h2>
        <span className="dim num">{sent.length}</span>
        <span className="secright dim hide-m">Alt ↑ ↓ moves a row</span>
      </div>
      {shown.map((row) => (
        <Row
          key={row.id}
          row={row}
          dispatch={dispatch}
          remark={remarks.get(row.id)?.message ?? ""}
          bad={remarks.get(row.id)?.bad ?? false}
          suggest={false}
          at={places.get(row.id) ?? null}
          last={places.get(row.id) === sent.length - 1}
          readOnly={readOnly}
        />
      ))}
      {shown.length === 0 && (
        <div className="anone t2">
          {search ? `No mapped field matches “${search}”. ` : "No field is mapped yet. "}
          <button type="button" className="lnk" onClick={showAll}>
            Show all fields
          </button>
        </div>
      )}
    </>
  );
}

const sections = [
  ["lead", "Lead fields"],
  ["call", "Call log info"],
  ["extra", "Extra fields"],
  ["static", "Static pairs"],
] as const;

function SectionRows({ rows, search, suggesting, remarks, dispatch, readOnly, showAll }: Props) {
  const any = rows.some((row) => matches(row, search));
  return (
    <>
      {sections.map(([section, words]) => {
        const all = rows.filter(({ row }) => row.section === section);
        const shown = all.filter((row) => matches(row, search));
        if (search && shown.length === 0) return null;
        const open = shown.filter((row) => row.field && !isMapped(row));
        return (
          <section key={section} aria-label={words}>
            <div className="asec">
              <h2>{words}</h2>
              <span className="dim num">{countWords(section, all)}</span>
              {suggesting && open.length > 0 && !readOnly && (
                <span className="secright">
                  <button
                    type="button"
                    className="lnk"
                    onClick={() => dispatch({ do: "suggested", ids: new Set(open.map(({ id }) => id)) })}
                  >
                    Use all {open.length}
                  </button>
                </span>
              )}
              {section === "static" && !readOnly && (
                <span className="secright">
                  <button type="button" className="lnk" onClick={() => addPair(dispatch)}>
                    Add a pair
                  </button>
                </span>
              )}
            </div>
            {shown.map((row) => (
              <Row
                key={row.id}
                row={row}
                dispatch={dispatch}
                remark={remarks.get(row.id)?.message ?? ""}
                bad={remarks.get(row.id)?.bad ?? false}
                suggest={suggesting}
                at={null}
                last={false}
                readOnly={readOnly}
              />
            ))}
            {section === "static" && all.length === 0 && (
              <div className="anone t2">
                What the vendor always wants, such as <span className="mono">campaign</span> ={" "}
                <span className="mono">abc</span>. The value may hold fields:{" "}
                <span className="mono">{"{lead.first_name}"}</span>.
              </div>
            )}
          </section>
        );
      })}
      {!any && search && (
        <div className="anone t2">
          No field matches “{search}”.{" "}
          <button type="button" className="lnk" onClick={showAll}>
            Show all fields
          </button>
        </div>
      )}
    </>
  );
}

function addPair(dispatch: Dispatch): void {
  dispatch({ do: "add" });
  requestAnimationFrame(() => {
    const cells = document.querySelectorAll<HTMLElement>('[data-row^="static."] [data-col="to"]');
    cells.item(cells.length - 1)?.focus();
  });
}

function countWords(section: string, rows: readonly EditorRow[]): string {
  if (section === "static") return rows.length === 1 ? "1 pair" : rows.length > 0 ? `${rows.length} pairs` : "";
  return `${rows.filter(isMapped).length} of ${rows.length} mapped`;
}

/** By label, system name or target; every word counts. */
function matches({ field, row }: EditorRow, search: string): boolean {
  if (search === "") return true;
  const hay = `${field?.label ?? "static pair"} ${field?.name ?? ""} ${row.to}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => hay.includes(word));
}

function whereWords(rows: readonly EditorRow[], id: string, step: number): string {
  const sent = rows.filter(isMapped);
  const at = sent.findIndex((row) => row.id === id);
  const to = Math.min(Math.max(at + step, 0), sent.length - 1);
  return at < 0 ? "" : `${labelOf(sent[at]!)} is now ${to + 1} of ${sent.length}`;
}
