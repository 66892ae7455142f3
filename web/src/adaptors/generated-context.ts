import { createContext, useContext } from "react";
import type { TraceRow } from "../../../src/contracts/preview.ts";
import type { LeadId } from "../../../src/contracts/ids.ts";

/** What Generated Data says of each row, for the popovers: read where it is shown, so that no row redraws for it. */
export const Generated = createContext<{
  readonly values: ReadonlyMap<string, Pick<TraceRow, "value" | "note">>;
  /** What stops a save, by `<row id>.<part>`. */
  readonly faults: ReadonlyMap<string, string>;
  readonly leadId: LeadId | null;
}>({ values: new Map(), faults: new Map(), leadId: null });

/** The chosen lead's value in this row; undefined while the row says nothing. */
export const useRowValue = (id: string) => useContext(Generated).values.get(id);
