import { useMemo, useReducer, useState } from "react";
import type { Adaptor, AdaptorRow, AdaptorSettings } from "../../../src/contracts/adaptor.ts";
import type { FieldInfo } from "../ui/fields.ts";
import { addStatic, changedNames, isMapped, layRows, moveRow, saidRows, type EditorRow } from "./rows.ts";

export type EditorState = {
  readonly name: string;
  readonly active: boolean;
  readonly leave_out_empty: boolean;
  readonly rows: readonly EditorRow[];
};

export type EditorAction =
  | { readonly do: "settings"; readonly patch: Partial<Omit<EditorState, "rows">> }
  | { readonly do: "row"; readonly id: string; readonly row: AdaptorRow }
  | { readonly do: "move"; readonly id: string; readonly step: -1 | 1 }
  | { readonly do: "add" }
  | { readonly do: "remove"; readonly id: string }
  /** The field's own name becomes the target, where there is none yet. */
  | { readonly do: "suggested"; readonly ids: ReadonlySet<string> }
  | { readonly do: "put"; readonly state: EditorState };

export type Dispatch = (action: EditorAction) => void;

/** The adaptor as it is being edited, and what differs from what is saved. */
export function useEditor(first: AdaptorSettings, fields: readonly FieldInfo[]) {
  const [saved, setSaved] = useState(() => ({ settings: first, state: stateOf(first, fields) }));
  const [state, dispatch] = useReducer(reduce, saved.state);
  const said = useMemo(() => saidRows(state.rows), [state.rows]);
  const settings = useMemo(() => settingsIn(state), [state]);
  const unsaved = useMemo(
    () => changedNames(saved.settings, saved.state.rows, settings, state.rows),
    [saved, settings, state.rows],
  );
  const savedIds = useMemo(() => new Set(saved.state.rows.filter(isMapped).map(({ id }) => id)), [saved]);
  return {
    /** Rows that were mapped when last saved. */
    savedIds,
    state,
    dispatch,
    settings,
    said,
    unsaved,
    discard: () => dispatch({ do: "put", state: saved.state }),
    /** What the form began with, or last saved. */
    began: saved.settings,
    /** Somebody else's save is the new ground, and these are the settings that are typed upon it: as the form has them. */
    begin: (ground: AdaptorSettings, typed: AdaptorSettings): AdaptorSettings => {
      const next = stateOf(typed, fields);
      setSaved({ settings: ground, state: stateOf(ground, fields) });
      dispatch({ do: "put", state: next });
      return settingsIn(next);
    },
    /** What the server made of it is the new ground; rows keep their places on the page. */
    wasSaved: (adaptor: Adaptor) => {
      const now = settingsOf(adaptor);
      const next = stateOf(now, fields, state.rows);
      setSaved({ settings: now, state: next });
      dispatch({ do: "put", state: next });
    },
  };
}

function settingsIn({ rows, ...own }: EditorState): AdaptorSettings {
  return { ...own, fields: saidRows(rows).map(({ row }) => row) };
}

/** The settings alone, as they are sent back. */
export function settingsOf({ name, active, leave_out_empty, fields }: Adaptor): AdaptorSettings {
  return { name, active, leave_out_empty, fields };
}

function stateOf(settings: AdaptorSettings, fields: readonly FieldInfo[], before?: readonly EditorRow[]): EditorState {
  const { fields: saved, ...own } = settings;
  if (!before) return { ...own, rows: layRows(saved, fields) };
  // saved rows come back in the order they were sent in: put each answer where its row stands
  const answers = saved.values();
  const said = new Set(saidRows(before).map(({ id }) => id));
  const rows = before.map((row): EditorRow => {
    const answer = said.has(row.id) ? answers.next().value : undefined;
    return answer && sameKind(row, answer) ? ({ ...row, row: answer } as EditorRow) : row;
  });
  return { ...own, rows };
}

const sameKind = ({ row }: EditorRow, answer: AdaptorRow): boolean => row.section === answer.section;

function reduce(state: EditorState, action: EditorAction): EditorState {
  switch (action.do) {
    case "settings":
      return { ...state, ...action.patch };
    case "row":
      return {
        ...state,
        rows: state.rows.map((row) => (row.id === action.id ? ({ ...row, row: action.row } as EditorRow) : row)),
      };
    case "move":
      return { ...state, rows: moveRow(state.rows, action.id, action.step) };
    case "add":
      return { ...state, rows: addStatic(state.rows).rows };
    case "remove":
      return { ...state, rows: state.rows.filter(({ id }) => id !== action.id) };
    case "suggested":
      return {
        ...state,
        rows: state.rows.map((row) =>
          row.field && row.row.to.trim() === "" && action.ids.has(row.id)
            ? { ...row, row: { ...row.row, to: row.field.name } }
            : row,
        ),
      };
    case "put":
      return action.state;
    default:
      return action satisfies never;
  }
}
