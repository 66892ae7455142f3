import type { EditorRow } from "./rows.ts";
import type { Dispatch } from "./use-editor.ts";

/** What is remarkable about a row, and whether it stops a save. */
export type Remark = { readonly message: string; readonly bad: boolean };

export type RowProps = {
  readonly row: EditorRow;
  readonly dispatch: Dispatch;
  readonly remark: string;
  readonly bad: boolean;
  readonly suggest: boolean;
  /** Where it stands among what is sent; null: the page isn't in that order. */
  readonly at: number | null;
  readonly last: boolean;
  readonly readOnly: boolean;
};

export type CellsProps<R extends EditorRow> = Omit<RowProps, "row"> & { row: R; remarkId: string | undefined };
