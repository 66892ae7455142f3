import "./adaptors.css";
import { useDeferredValue, useEffect, useMemo, useRef, useState, type FormEvent, type ReactNode } from "react";
import { z } from "zod";
import type { Adaptor, AdaptorSettings } from "../../../src/contracts/adaptor.ts";
import { ApiProblem } from "../api.ts";
import type { FieldInfo } from "../ui/fields.ts";
import { focusFirstFault, problemPlaces, problemWords } from "../ui/problem-places.ts";
import { SaveBar } from "../ui/save-bar.tsx";
import { useMay } from "../ui/session.ts";
import { BottomSheet } from "../ui/side.tsx";
import { say } from "../ui/toast.tsx";
import { conflictWords, isConflict } from "../ui/use-conflict.ts";
import { useUnsaved } from "../ui/use-unsaved.tsx";
import { useUrlState } from "../ui/use-url-state.ts";
import { BarActs } from "./bar-acts.tsx";
import { Generated } from "./generated-context.ts";
import { GeneratedData, type Shown } from "./generated-data.tsx";
import { OwnSettings } from "./own-settings.tsx";
import { RowList } from "./row-list.tsx";
import { isMapped, questionRow, type EditorRow } from "./rows.ts";
import { Toolbar } from "./toolbar.tsx";
import { useChosenLead } from "./use-chosen-lead.ts";
import { useEditor } from "./use-editor.ts";
import { useGenerated } from "./use-generated.ts";
import { useSaveAdaptor } from "./use-save-adaptor.tsx";

const Search = z.object({
  mapped: z.literal("1").optional(),
  show: z.enum(["get", "raw", "json"]).optional(),
  lead: z.coerce.number().int().positive().optional(),
});

/** The adaptor's form, with Generated Data beside it. `saved` null: it is not saved yet. */
export function AdaptorEditor({
  saved,
  first,
  fields,
  head,
}: {
  saved: Adaptor | null;
  first: AdaptorSettings;
  fields: readonly FieldInfo[];
  head: ReactNode;
}) {
  const readOnly = !useMay("admin");
  const mayGenerate = useMay("operator");
  const [url, setUrl] = useUrlState(Search);
  const [search, setSearch] = useState("");
  const [suggesting, setSuggesting] = useState(false);
  const [sheet, setSheet] = useState(false);
  const found = useDeferredValue(search.trim());
  const editor = useEditor(first, fields);
  const { state, dispatch, settings, said, unsaved } = editor;
  const { lead, chooseLead } = useChosenLead(url.lead ?? null, (id) => setUrl({ lead: id }));
  const form = useRef<HTMLFormElement>(null);
  const {
    save,
    error: fresh,
    saving,
    drawer,
  } = useSaveAdaptor(saved, editor, fields, () => focusFirstFault(form.current ?? document));
  const [questioned, setQuestioned] = useState<AdaptorSettings | null>(null);
  useUnsaved(readOnly ? [] : unsaved);
  const generated = useGenerated({
    id: saved?.id ?? null,
    settings,
    said,
    leadId: lead?.id ?? null,
    enabled: mayGenerate,
    saveError: fresh,
  });
  const remarked = useMemo(
    () =>
      state.rows.flatMap((row) => {
        const remark = generated.remarks.get(row.id);
        return remark ? [[row, remark] as const] : [];
      }),
    [state.rows, generated.remarks],
  );
  const context = useMemo(
    () => ({ values: generated.values, faults: generated.faults, leadId: lead?.id ?? null }),
    [generated.values, generated.faults, lead?.id],
  );
  useSaveKey(form);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (readOnly) return;
    const odd = said.filter((row) => questionRow(row).questions.length > 0);
    // asked once: pressed again, it is meant as it is
    if (odd[0] && questioned !== settings) {
      setQuestioned(settings);
      return form.current
        ?.querySelector<HTMLElement>(`[data-row="${CSS.escape(odd[0].id)}"] [data-col="default"]`)
        ?.focus();
    }
    return save(settings);
  };
  const panel = (
    <GeneratedData
      data={generated.data}
      error={generated.error}
      again={() => void generated.refetch()}
      lead={lead}
      chooseLead={chooseLead}
      shown={url.show ?? "json"}
      show={(show: Shown) => setUrl({ show })}
      remarked={remarked}
    />
  );
  return (
    <Generated value={context}>
      {head}
      <div className={mayGenerate ? "agrid" : "agrid alone"}>
        <form className="amain" ref={form} onSubmit={submit} noValidate aria-label="Adaptor">
          <OwnSettings
            state={state}
            fault={problemPlaces(fresh)["name"]}
            isNew={saved === null}
            readOnly={readOnly}
            set={(patch) => dispatch({ do: "settings", patch })}
          />
          <Toolbar
            search={search}
            setSearch={setSearch}
            onlyMapped={url.mapped === "1"}
            setOnlyMapped={(mapped) => setUrl({ mapped: mapped ? "1" : undefined })}
            suggesting={suggesting}
            setSuggesting={readOnly ? null : setSuggesting}
          />
          <RowList
            rows={state.rows}
            savedIds={editor.savedIds}
            search={found}
            ordered={url.mapped === "1"}
            suggesting={suggesting}
            remarks={generated.remarks}
            dispatch={dispatch}
            readOnly={readOnly}
            showAll={() => {
              setSearch("");
              setUrl({ mapped: undefined });
            }}
          />
          {!readOnly && (
            <SaveBar
              verb="Save Adaptor"
              unsaved={unsaved}
              saving={saving}
              fresh={saved === null}
              discard={() => {
                editor.discard();
                say("Back to what is saved");
              }}
              fault={
                barWords(fresh, said.filter(isMapped).length) ??
                (questioned === settings ? questionedWords(said) : null)
              }
              acts={
                <BarActs
                  id={saved?.id ?? null}
                  settings={settings}
                  showGenerated={mayGenerate ? () => setSheet(true) : null}
                />
              }
            />
          )}
        </form>
        {mayGenerate && (
          <aside className="gen beside" aria-label="Generated Data">
            <div className="genin">{panel}</div>
          </aside>
        )}
      </div>
      {drawer}
      <BottomSheet label="Generated Data" open={sheet} close={() => setSheet(false)}>
        {panel}
      </BottomSheet>
    </Generated>
  );
}

/** Ctrl+S saves, as in every editor. */
function useSaveKey(form: { readonly current: HTMLFormElement | null }): void {
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
        event.preventDefault();
        form.current?.requestSubmit();
      }
    };
    addEventListener("keydown", key);
    return () => removeEventListener("keydown", key);
  }, [form]);
}

function questionedWords(rows: readonly EditorRow[]): string | null {
  const odd = rows.filter((row) => questionRow(row).questions.length > 0).map(({ row }) => row.to);
  return odd.length === 0
    ? null
    : `Not saved yet: the value of ${odd.join(" and ")} is worth a look. Put it right, or save once more to keep it`;
}

function barWords(error: unknown, mapped: number): string | null {
  if (isConflict(error)) return conflictWords;
  if (error instanceof ApiProblem && error.code === "bad_input") {
    const places = Object.keys(problemPlaces(error));
    const rows = places.filter((path) => path.startsWith("fields")).length;
    if (rows > 0) return `Not saved: ${rows === 1 ? "one row needs" : `${rows} rows need`} a look`;
    return `Not saved: ${Object.values(problemPlaces(error)).join(" · ") || error.message}`;
  }
  return problemWords(error) ?? (error && mapped === 0 ? "Not saved" : null);
}
