import "./adaptors.css";
import { Button, Switch, TextInput } from "@mantine/core";
import { IconSearch, IconWand } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useDeferredValue, useEffect, useMemo, useRef, useState, type FormEvent, type ReactNode } from "react";
import { z } from "zod";
import type { Adaptor, AdaptorSettings } from "../../../src/contracts/adaptor.ts";
import { createAdaptor, updateAdaptor } from "../../../src/contracts/endpoints/connects.ts";
import { showLead } from "../../../src/contracts/endpoints/leads.ts";
import { ApiProblem, call } from "../api.ts";
import type { FieldInfo } from "../ui/fields.ts";
import { useLatestLead } from "../ui/lead-picker.tsx";
import { focusFirstFault, problemPlaces, problemWords } from "../ui/problem-places.ts";
import { SaveBar } from "../ui/save-bar.tsx";
import { useMay } from "../ui/session.ts";
import { BottomSheet } from "../ui/side.tsx";
import { say } from "../ui/toast.tsx";
import { useUnsaved } from "../ui/use-unsaved.tsx";
import { useUrlState } from "../ui/use-url-state.ts";
import { BarActs } from "./bar-acts.tsx";
import { Generated } from "./generated-context.ts";
import { GeneratedData, type Shown } from "./generated-data.tsx";
import { adaptorsKey } from "./queries.ts";
import { RowList } from "./row-list.tsx";
import { isMapped } from "./rows.ts";
import { useEditor } from "./use-editor.ts";
import { useGenerated } from "./use-generated.ts";

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
  const { save, error: saveError, saving } = useSave(saved, editor.wasSaved);
  const [refused, setRefused] = useState<AdaptorSettings | null>(null);
  const fresh = refused === settings ? saveError : null;
  useUnsaved(readOnly ? [] : unsaved);
  const generated = useGenerated({
    id: saved?.id ?? null,
    settings,
    said,
    leadId: lead?.id ?? null,
    enabled: mayGenerate,
    saveError: fresh,
  });
  const savedIds = useMemo(
    () => new Set(first.fields.map((row) => `${row.section}.${"field" in row ? row.field : ""}`)),
    [first],
  );
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
  const form = useRef<HTMLFormElement>(null);
  useSaveKey(form);
  const nameField = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (saved === null) nameField.current?.focus();
  }, [saved]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (readOnly) return;
    save(settings, () => {
      setRefused(settings);
      focusFirstFault(form.current ?? document);
    });
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
          <div className="aset">
            <TextInput
              label="Name"
              className="aname"
              value={state.name}
              error={problemPlaces(fresh)["name"]}
              disabled={readOnly}
              maxLength={100}
              ref={nameField}
              style={{ flex: "1 1 200px", maxWidth: 320 }}
              onChange={(event) => dispatch({ do: "settings", patch: { name: event.currentTarget.value } })}
            />
            <Switch
              label="Active"
              checked={state.active}
              disabled={readOnly}
              onChange={(event) => dispatch({ do: "settings", patch: { active: event.currentTarget.checked } })}
            />
            <Switch
              label="Leave out empty values"
              checked={state.leave_out_empty}
              disabled={readOnly}
              onChange={(event) =>
                dispatch({ do: "settings", patch: { leave_out_empty: event.currentTarget.checked } })
              }
            />
          </div>
          <div className="atool">
            <TextInput
              size="xs"
              leftSection={<IconSearch size={15} aria-hidden />}
              placeholder="Search fields"
              aria-label="Search fields"
              type="search"
              value={search}
              style={{ flex: "1 1 160px", maxWidth: 240 }}
              onChange={(event) => setSearch(event.currentTarget.value)}
              onKeyDown={(event) => event.key === "Enter" && event.preventDefault()}
            />
            <Switch
              label="Only mapped"
              checked={url.mapped === "1"}
              onChange={(event) => setUrl({ mapped: event.currentTarget.checked ? "1" : undefined })}
            />
            {!readOnly && (
              <span className="right">
                <Button
                  size="xs"
                  variant={suggesting ? "light" : "default"}
                  aria-pressed={suggesting}
                  leftSection={<IconWand size={14} aria-hidden />}
                  onClick={() => {
                    setSuggesting((is) => !is);
                    setUrl({ mapped: undefined });
                  }}
                >
                  Suggest names
                </Button>
              </span>
            )}
          </div>
          <RowList
            rows={state.rows}
            savedIds={savedIds}
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
              fault={barWords(fresh, said.filter(isMapped).length)}
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
      <BottomSheet label="Generated Data" open={sheet} close={() => setSheet(false)}>
        {panel}
      </BottomSheet>
    </Generated>
  );
}

/** The lead of the address, else the latest one. */
function useChosenLead(id: number | null, choose: (id: number) => void) {
  const { lead: latest } = useLatestLead();
  const { data } = useQuery({
    queryKey: ["leads", "one", id],
    queryFn: ({ signal }) => call(showLead, { params: { id: id ?? 0 } }, signal),
    enabled: id !== null,
  });
  return { lead: id === null ? latest : (data ?? latest), chooseLead: (lead: { id: number }) => choose(lead.id) };
}

function useSave(saved: Adaptor | null, wasSaved: (adaptor: Adaptor) => void) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [revision, setRevision] = useState(saved?.revision);
  const mutation = useMutation({
    mutationFn: (settings: AdaptorSettings) =>
      saved
        ? call(updateAdaptor, {
            params: { id: saved.id },
            body: { ...settings, ...(revision === undefined ? {} : { revision }) },
          })
        : call(createAdaptor, { body: settings }),
  });
  const save = (settings: AdaptorSettings, wasRefused: () => void) =>
    mutation.mutate(settings, {
      onSuccess: (adaptor) => {
        void queries.invalidateQueries({ queryKey: adaptorsKey });
        setRevision(adaptor.revision);
        say(`${adaptor.name} is saved`);
        if (saved) wasSaved(adaptor);
        else
          void navigate({
            to: "/adaptors/$id",
            params: { id: String(adaptor.id) },
            replace: true,
            ignoreBlocker: true,
          });
      },
      onError: wasRefused,
    });
  return { save, error: mutation.error, saving: mutation.isPending };
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

function barWords(error: unknown, mapped: number): string | null {
  if (error instanceof ApiProblem && error.code === "bad_input") {
    const places = Object.keys(problemPlaces(error));
    const rows = places.filter((path) => path.startsWith("fields")).length;
    if (rows > 0) return `Not saved: ${rows === 1 ? "one row needs" : `${rows} rows need`} a look`;
    return `Not saved: ${Object.values(problemPlaces(error)).join(" · ") || error.message}`;
  }
  return problemWords(error) ?? (error && mapped === 0 ? "Not saved" : null);
}
