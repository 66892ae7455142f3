import { Button } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconEye } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { z } from "zod";
import type { Connect, ConnectSettings } from "../../../src/contracts/connect.ts";
import type { LeadSummary } from "../../../src/contracts/lead.ts";
import { ApiProblem } from "../api.ts";
import { useLatestLead } from "../ui/lead-picker.tsx";
import { RehearsalButton } from "../ui/rehearsal.tsx";
import { focusFirstFault, problemPlaces, problemWords } from "../ui/problem-places.ts";
import { SaveBar } from "../ui/save-bar.tsx";
import { useMay } from "../ui/session.ts";
import { settingNames, type SettingName } from "../ui/setting-names.ts";
import { BottomSheet } from "../ui/side.tsx";
import { say } from "../ui/toast.tsx";
import { useUnsaved } from "../ui/use-unsaved.tsx";
import { useUrlState } from "../ui/use-url-state.ts";
import "./connects.css";
import { ConnectForm } from "./connect-form.tsx";
import { settingsOf, useDraft } from "./draft.ts";
import { OldFailures } from "./old-failures.tsx";
import { PreviewPanel } from "./preview-panel.tsx";
import { connectQuery, connectsKey, connectVerbs } from "./queries.ts";
import { useRemarks } from "./remarks.tsx";
import { TestSection } from "./test-section.tsx";
import { usePreview } from "./use-preview.ts";
import { settingOf } from "./wants-look.ts";

/** General: settings A–J with the live preview beside them, Save Connect, then Test Connect. */
export function GeneralTab() {
  const { id = "" } = useParams({ strict: false });
  const { data } = useQuery(connectQuery(Number(id)));
  return data ? <GeneralForm key={data.id} saved={settingsOf(data)} connect={data} /> : null;
}

const Search = z.object({ setting: z.string().optional() });

/** `connect` null: it is being added; `arrived` is told its id. */
export function GeneralForm({
  saved,
  connect,
  arrived,
}: {
  saved: ConnectSettings;
  connect: Connect | null;
  arrived?: (id: number) => void;
}) {
  const draft = useDraft(saved);
  const changed = draft.unsaved.length > 0;
  const admin = useMay("admin");
  const operator = useMay("operator");
  const latest = useLatestLead();
  const [chosen, setChosen] = useState<LeadSummary | null>(null);
  const lead = chosen ?? latest.lead;
  const live = usePreview(connect?.id ?? null, draft.values, changed && admin, lead?.id, operator);
  const remarks = useRemarks(connect, draft, live.preview?.warnings);
  const [sheet, setSheet] = useState(false);
  const narrow = useMediaQuery("(max-width: 62em)", false, { getInitialValueInEffect: false });
  const save = useSave(connect, draft, arrived);
  useUnsaved(draft.unsaved);
  useFocusedSetting();

  const faults = { ...pick(live.faults, draft.changed), ...save.faults };
  const panel = (close?: () => void) => (
    <PreviewPanel live={live} lead={lead} chooseLead={setChosen} {...(close ? { close } : {})} />
  );
  return (
    <div className="gsplit">
      <div style={{ minWidth: 0 }}>
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            save.go();
          }}
        >
          <ConnectForm draft={draft} saved={saved} faults={faults} remarks={remarks} readOnly={!admin} />
          {admin && (
            <div className="savestack">
              {connect && save.isSuccess && <OldFailures connect={connect} />}
              <SaveBar
                verb="Save Connect"
                unsaved={draft.unsaved}
                saving={save.isPending}
                discard={() => {
                  draft.discard();
                  save.reset();
                }}
                fault={save.words}
                fresh={connect === null}
                acts={
                  <>
                    {connect && <RehearsalButton draft={{ of: "connect", id: connect.id, settings: draft.values }} />}
                    {operator && <PreviewButton open={() => setSheet(true)} />}
                  </>
                }
              />
            </div>
          )}
        </form>
        {operator && (
          <TestSection
            connectId={connect?.id ?? null}
            name={draft.values.name}
            values={draft.values}
            changed={changed}
            lead={lead}
            mayUnsaved={admin}
          />
        )}
      </div>
      {operator && !narrow && <aside className="gaside">{panel()}</aside>}
      {operator && narrow && (
        <BottomSheet label="Preview" open={sheet} close={() => setSheet(false)}>
          {panel(() => setSheet(false))}
        </BottomSheet>
      )}
    </div>
  );
}

const PreviewButton = ({ open }: { open: () => void }) => (
  <Button
    type="button"
    className="only-n"
    variant="default"
    leftSection={<IconEye size={16} aria-hidden />}
    onClick={open}
  >
    Preview
  </Button>
);

/** Of what is wrong, what lies in a setting that was changed. */
const pick = (faults: Readonly<Record<string, string>>, changed: (name: SettingName) => boolean) =>
  Object.fromEntries(
    Object.entries(faults).filter(([path]) => {
      const setting = settingOf(path);
      return setting !== null && changed(setting);
    }),
  );

function useSave(
  connect: Connect | null,
  draft: ReturnType<typeof useDraft>,
  arrived: ((id: number) => void) | undefined,
) {
  const queries = useQueryClient();
  const mutation = useMutation({
    mutationFn: () =>
      connect
        ? connectVerbs.update(connect.id, { ...draft.changes, revision: connect.revision })
        : connectVerbs.create(draft.values),
    onSuccess: async (now) => {
      queries.setQueryData(connectQuery(now.id).queryKey, now);
      draft.discard();
      say(`${now.name} is saved.`);
      await queries.invalidateQueries({ queryKey: connectsKey, refetchType: "active" });
      arrived?.(now.id);
    },
    onError: () => focusFirstFault(),
  });
  const conflict = mutation.error instanceof ApiProblem && mutation.error.code === "conflict";
  const places = problemPlaces(mutation.error);
  const shown = Object.keys(places).filter((path) => settingOf(path) !== null);
  return {
    isPending: mutation.isPending,
    isSuccess: mutation.isSuccess,
    reset: mutation.reset,
    go: () => mutation.mutate(),
    faults: places,
    words: conflict
      ? "Somebody else saved this connect in the meantime. Discard, load the page again, then make your change."
      : (problemWords(mutation.error, shown) ?? (mutation.error ? toPutRight(shown) : null)),
  };
}

function toPutRight(paths: readonly string[]): string {
  const names = new Set(paths.map(settingOf).filter((setting) => setting !== null));
  return `To put right: ${[...names].map((name) => settingNames[name]).join(", ")}`;
}

/** `?setting=authorization_header`: a fault's fix leads here, to the setting itself. */
function useFocusedSetting(): void {
  const [{ setting }] = useUrlState(Search);
  useEffect(() => {
    if (!setting) return undefined;
    const timer = setTimeout(() => {
      const found = document.getElementById(`setting-${setting}`);
      found?.scrollIntoView({ block: "center" });
      (found?.matches("input, textarea, button") ? found : found?.querySelector<HTMLElement>("input, button"))?.focus();
    }, 60);
    return () => clearTimeout(timer);
  }, [setting]);
}
