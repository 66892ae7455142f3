import { Button } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconEye } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useEffect, useMemo, useState } from "react";
import { z } from "zod";
import type { Connect } from "../../../src/contracts/connect.ts";
import type { LeadSummary } from "../../../src/contracts/lead.ts";
import { useLatestLead } from "../ui/lead-picker.tsx";
import { RehearsalButton } from "../ui/rehearsal.tsx";
import { focusFirstQuestion } from "../ui/questions.tsx";
import { SaveBar } from "../ui/save-bar.tsx";
import { useMay } from "../ui/session.ts";
import { settingNames, type SettingName } from "../ui/setting-names.ts";
import { BottomSheet } from "../ui/side.tsx";
import { useUnsaved } from "../ui/use-unsaved.tsx";
import { useUrlState } from "../ui/use-url-state.ts";
import "./connects.css";
import { ConnectForm } from "./connect-form.tsx";
import { blankSettings, settingsOf, useDraft } from "./draft.ts";
import { OldFailures } from "./old-failures.tsx";
import { PreviewPanel } from "./preview-panel.tsx";
import { connectQuery } from "./queries.ts";
import { useRemarks } from "./remarks.tsx";
import { TestSection } from "./test-section.tsx";
import { useQuestions } from "./use-questions.ts";
import { usePreview } from "./use-preview.ts";
import { mayFollow, useSaveConnect } from "./use-save-connect.tsx";
import { settingOf } from "./wants-look.ts";

/** General: settings A–J with the live preview beside them, Save Connect, then Test Connect. */
export function GeneralTab() {
  const { id = "" } = useParams({ strict: false });
  const { data } = useQuery(connectQuery(Number(id)));
  return data ? <GeneralForm key={data.id} connect={data} /> : null;
}

const Search = z.object({ setting: z.string().optional() });

/** `connect` null: it is being added; `arrived` is told its id. */
export function GeneralForm({ connect: newest, arrived }: { connect: Connect | null; arrived?: (id: number) => void }) {
  const [connect, setConnect] = useState(newest);
  const saved = useMemo(() => (connect ? settingsOf(connect) : blankSettings), [connect]);
  const draft = useDraft(saved);
  // what was changed elsewhere does not slip under what is being typed: saving asks about it
  if (newest !== connect && mayFollow(connect, newest, draft)) setConnect(newest);
  const changed = draft.unsaved.length > 0;
  const admin = useMay("admin");
  const operator = useMay("operator");
  const latest = useLatestLead();
  const [chosen, setChosen] = useState<LeadSummary | null>(null);
  const lead = chosen ?? latest.lead;
  const live = usePreview(connect?.id ?? null, draft.values, changed && admin, lead?.id, operator);
  const questions = useQuestions(draft, saved);
  const remarks = useRemarks(connect, draft, live.preview?.warnings, questions);
  const [sheet, setSheet] = useState(false);
  const narrow = useMediaQuery("(max-width: 62em)", false, { getInitialValueInEffect: false });
  const save = useSaveConnect(connect, draft, arrived, setConnect);
  const asked = questions.open.filter(questions.asked);
  useUnsaved(draft.unsaved);
  useFocusedSetting();

  const refused = { ...pick(live.faults, draft.changed), ...save.faults };
  // what is asked about says already what is wrong
  const faults = Object.fromEntries(
    Object.entries(refused).filter(([path]) => !questions.open.includes(path as never)),
  );
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
            if (questions.ask()) focusFirstQuestion();
            else save.go();
          }}
        >
          <ConnectForm
            {...{ draft, saved, faults, remarks, questions }}
            refused={refused}
            version={connect?.revision ?? 0}
            readOnly={!admin}
          />
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
                fault={asked.length > 0 ? askedWords(asked) : save.words}
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
      {save.drawer}
      {operator && !narrow && <aside className="gaside">{panel()}</aside>}
      {operator && narrow && (
        <BottomSheet label="Preview" open={sheet} close={() => setSheet(false)}>
          {panel(() => setSheet(false))}
        </BottomSheet>
      )}
    </div>
  );
}

const askedWords = (settings: readonly SettingName[]): string =>
  `Not saved yet: say what is meant in ${settings.map((name) => settingNames[name]).join(" and ")}`;

const PreviewButton = ({ open }: { open: () => void }) => (
  <Button
    type="button"
    className="only-n"
    variant="default"
    aria-label="Preview"
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
