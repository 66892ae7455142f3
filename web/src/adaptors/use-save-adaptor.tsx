import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { Adaptor, AdaptorRow, AdaptorSettings } from "../../../src/contracts/adaptor.ts";
import { createAdaptor, showAdaptor, updateAdaptor } from "../../../src/contracts/endpoints/connects.ts";
import { secretMask } from "../../../src/contracts/connect.ts";
import { call } from "../api.ts";
import { ConflictDrawer, type Choices, type PlaceWords } from "../ui/conflict.tsx";
import type { FieldInfo } from "../ui/fields.ts";
import { changedPlaces, withChoices, type ChangedPlace, type RowRules } from "../ui/three-way.ts";
import { say } from "../ui/toast.tsx";
import { replacedBy, useConflict } from "../ui/use-conflict.ts";
import { valueText } from "../ui/value-words.ts";
import { adaptorsKey } from "./queries.ts";
import { looksSecret, spokenLabel } from "./rows.ts";
import { settingsOf, type useEditor } from "./use-editor.ts";

type Editor = Pick<ReturnType<typeof useEditor>, "began" | "begin" | "settings" | "wasSaved">;

/** Saves the adaptor on the revision it was loaded or last saved at; a new one gets its own address. */
export function useSaveAdaptor(
  saved: Adaptor | null,
  editor: Editor,
  fields: readonly FieldInfo[],
  wasRefused: () => void,
) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [revision, setRevision] = useState(saved?.revision);
  const conflict = useConflict(() => call(showAdaptor, { params: { id: saved!.id } }));
  const mutation = useMutation({
    mutationFn: ({ settings, on }: { settings: AdaptorSettings; on: number | undefined }) =>
      saved
        ? call(updateAdaptor, {
            params: { id: saved.id },
            body: { ...settings, ...(on === undefined ? {} : { revision: on }) },
          })
        : call(createAdaptor, { body: settings }),
    onSuccess: (adaptor) => {
      conflict.leave();
      void queries.invalidateQueries({ queryKey: adaptorsKey });
      setRevision(adaptor.revision);
      say(`${adaptor.name} is saved`);
      if (saved) editor.wasSaved(adaptor);
      else
        void navigate({
          to: "/adaptors/$id",
          params: { id: String(adaptor.id) },
          replace: true,
          ignoreBlocker: true,
        });
    },
    onError: async (error) => {
      if (!(await conflict.meet(error))) wasRefused();
    },
  });
  const { met } = conflict;
  const places = met
    ? changedPlaces(editor.began, editor.settings, settingsOf(met.theirs), byRow, replacedBy(met.saved))
    : [];
  /** Theirs is what the form begins with from here on, and the choices what is typed. */
  const resolve = (theirs: Adaptor, choices: Choices) => {
    const chosen = withChoices(editor.settings, settingsOf(theirs), places, choices, byRow);
    const settings = editor.begin(settingsOf(theirs), chosen);
    setRevision(theirs.revision);
    conflict.leave();
    mutation.mutate({ settings, on: theirs.revision });
  };
  const isAsRefused = JSON.stringify(mutation.variables?.settings) === JSON.stringify(editor.settings);
  return {
    save: (settings: AdaptorSettings) => mutation.mutate({ settings, on: revision }),
    /** What was refused, until it is changed. */
    error: mutation.error && isAsRefused ? mutation.error : null,
    saving: mutation.isPending,
    drawer: met && (
      <ConflictDrawer
        saved={met.saved}
        places={places}
        words={placeWords(fields, replacedBy(met.saved))}
        verb="Save Adaptor"
        saving={mutation.isPending}
        save={(choices) => resolve(met.theirs, choices)}
        back={conflict.leave}
      />
    ),
  };
}

/** A field is one row; of the vendor's constant names there may be several. */
const byRow: RowRules = {
  fields: (row: AdaptorRow) => (row.section === "static" ? `static.${row.to}` : `${row.section}.${row.field}`),
};

const settingWords: Readonly<Record<string, string>> = {
  name: "Name",
  active: "Active",
  leave_out_empty: "Leave out empty values",
};

function placeWords(fields: readonly FieldInfo[], replaced: ReadonlySet<string>): PlaceWords {
  const label = (id: string): string => {
    const field = fields.find(({ section, key }) => `${section}.${key}` === id);
    return field ? spokenLabel(field) : id;
  };
  return {
    name: ({ key, row }) => {
      if (row === null) return settingWords[key] ?? key;
      if (row === "order") return "The order of the rows";
      return row.startsWith("static.") ? `Static pair ${row.slice("static.".length)}` : label(row);
    },
    show: (value, { row }) => {
      if (row === "order") return (value as string[]).map(label).join(", ");
      return row === null ? valueText(value) : valueText(maskRow(value as AdaptorRow)) || "not sent";
    },
    settled: ({ row, changed }: ChangedPlace) => changed === "theirs" && row !== null && replaced.has(row),
  };
}

/** A secret that was typed is masked here, as theirs is. */
const maskRow = (row: AdaptorRow): AdaptorRow =>
  row.section === "static" && (row.secret ?? looksSecret(row.to)) && row.value !== ""
    ? { ...row, value: secretMask }
    : row;
