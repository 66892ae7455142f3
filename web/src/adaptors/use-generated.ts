import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { AdaptorSettings } from "../../../src/contracts/adaptor.ts";
import type { GeneratedData } from "../../../src/contracts/endpoints/connects.ts";
import type { AdaptorId, LeadId } from "../../../src/contracts/ids.ts";
import { problemPlaces } from "../ui/problem-places.ts";
import { generatedDataQuery } from "./queries.ts";
import type { Remark } from "./row-props.ts";
import { idOf, placeOf, type EditorRow } from "./rows.ts";

/** Generated Data of what is being edited, 250 ms behind the keyboard, and what it says of each row. */
export function useGenerated({
  id,
  settings,
  said,
  leadId,
  enabled,
  saveError,
}: {
  id: AdaptorId | null;
  settings: AdaptorSettings;
  said: readonly EditorRow[];
  leadId: LeadId | null;
  enabled: boolean;
  /** What the last save was refused for, until something is changed. */
  saveError: unknown;
}) {
  const now = useMemo(() => ({ settings: { ...settings, name: "Generated Data" }, said }), [settings, said]);
  const [asked] = useDebouncedValue(now, 250);
  const query = useQuery({ ...generatedDataQuery(asked.settings, id, leadId), enabled });
  const { error } = query;
  // while what is typed can't be used, the last data stays on the page
  const [last, setLast] = useState(query.data);
  if (query.data && query.data !== last) setLast(query.data);
  const data = query.data ?? last;
  const faults = useMemo(
    () => new Map([...faultsOf(error, asked.said), ...faultsOf(saveError, said)]),
    // the rows as they were asked with: a save's places mean the rows that were saved
    // oxlint-disable-next-line react/exhaustive-deps
    [error, asked, saveError],
  );
  const ids = useMemo(() => rowIds(data, asked.said), [data, asked]);
  const remarks = useMemo(() => remarksOf(data, ids, faults), [data, ids, faults]);
  const values = useMemo(() => new Map((data?.trace ?? []).map((row, at) => [ids[at] ?? "", row])), [data, ids]);
  // what is wrong in rows stands under them; the rest is told beside the data
  const elsewhere = error && faults.size === 0 ? error : null;
  return { data, error: elsewhere, refetch: query.refetch, remarks, values, faults };
}

/** `<row id>.<part>` → what is wrong there. */
function faultsOf(error: unknown, rows: readonly EditorRow[]): (readonly [string, string])[] {
  return Object.entries(problemPlaces(error)).flatMap(([path, message]) => {
    const place = placeOf(path);
    const row = place && rows[place.index];
    return row ? [[`${row.id}.${place.part}`, message] as const] : [];
  });
}

/** The rows of the trace by id. While newer data is on its way, the trace is of older rows: it tells whose they are. */
function rowIds(data: GeneratedData | undefined, rows: readonly EditorRow[]): string[] {
  const pairs = rows.filter(({ field }) => field === null).values();
  return (data?.trace ?? []).map(({ section, field }) =>
    section === "static" ? (pairs.next().value?.id ?? "") : idOf(section, field),
  );
}

function remarksOf(
  data: GeneratedData | undefined,
  ids: readonly string[],
  faults: ReadonlyMap<string, string>,
): ReadonlyMap<string, Remark> {
  const remarks = new Map<string, Remark>();
  const add = (id: string, message: string, bad: boolean) => {
    const before = remarks.get(id);
    remarks.set(id, before ? { message: `${before.message}. ${message}`, bad: before.bad || bad } : { message, bad });
  };
  for (const [place, message] of faults) add(place.slice(0, place.lastIndexOf(".")), message, true);
  for (const { path, message } of data?.warnings ?? []) {
    const id = ids[placeOf(path)?.index ?? -1];
    if (id) add(id, message, false);
  }
  data?.trace.forEach(({ note }, at) => {
    if (note.includes("required, and empty"))
      add(ids[at] ?? "", "Required, and empty for this lead: the delivery would be refused", false);
  });
  return remarks;
}
