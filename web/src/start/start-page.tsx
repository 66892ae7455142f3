import { IconCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, Navigate } from "@tanstack/react-router";
import { lazy, Suspense, useState, type ReactNode } from "react";
import type { Connect } from "../../../src/contracts/connect.ts";
import { listConnects, showConnect } from "../../../src/contracts/endpoints/connects.ts";
import { call } from "../api.ts";
import { Alone } from "../ui/alone.tsx";
import { leadName, useLatestLead } from "../ui/lead-picker.tsx";
import { LoadingPage } from "../ui/loading.tsx";
import { useTitle } from "../ui/page-head.tsx";
import { showPhone } from "../ui/phone.ts";
import "./start.css";
import { useMay } from "../ui/session.ts";
import { LeadStep } from "./lead-step.tsx";

// the first page's script stays small: what a later step needs comes with that step
const AddConnectStep = lazy(() => import("./add-connect-step.tsx").then((file) => ({ default: file.AddConnectStep })));
const TestStep = lazy(() => import("./test-step.tsx").then((file) => ({ default: file.TestStep })));

/** The first steps are an admin's; others have nothing to do here. */
export function StartPage() {
  return useMay("admin") ? <FirstSteps /> : <Navigate to="/connects" />;
}

/** Bring a lead in, Add Connect, press Test. What is done already stays done when one comes back. */
function FirstSteps() {
  useTitle("First steps");
  const { lead } = useLatestLead();
  const [changing, setChanging] = useState(false);
  const [made, setMade] = useState<Connect | null>(null);
  const known = useFirstConnect(made === null);
  const connect = made ?? known;
  const leadDone = lead !== null && !changing;
  const step = !leadDone ? 1 : connect === null ? 2 : 3;
  return (
    <Alone
      wide
      right={
        <Link className="lnk" style={{ fontSize: 13 }} to="/connects">
          {step === 3 ? "To Connect" : "Skip, I know my way"}
        </Link>
      }
    >
      <h1 style={{ fontSize: 26, marginTop: 10 }}>Send your first lead to a vendor</h1>
      <p className="t2" style={{ margin: "0 0 26px", fontSize: 14.5 }}>
        Three steps, about five minutes. Nothing leaves this server before step 3.
      </p>
      <ol className="steps">
        <Step n={1} at={step} title="Bring a lead in">
          {leadDone ? (
            <div className="t2" style={{ fontSize: 13.5 }}>
              {leadName(lead)}, {showPhone(lead.phone_number)}, in {lead.list.name}.{" "}
              <button type="button" className="lnk" onClick={() => setChanging(true)}>
                Bring another
              </button>
            </div>
          ) : (
            <LeadStep latest={lead} done={() => setChanging(false)} />
          )}
        </Step>
        <Step n={2} at={step} title="Add Connect">
          {connect ? (
            <div className="t2" style={{ fontSize: 13.5 }}>
              {connect.name}, <span className="mono">{connect.api_url}</span>.{" "}
              <Link className="lnk" to="/connects/$id" params={{ id: String(connect.id) }}>
                All its settings
              </Link>
            </div>
          ) : step === 2 ? (
            <Suspense fallback={<LoadingPage />}>
              <AddConnectStep done={setMade} />
            </Suspense>
          ) : (
            <Later>Where the vendor is, and what it is sent.</Later>
          )}
        </Step>
        <Step n={3} at={step} title="Press Test" last>
          {step === 3 && connect && lead ? (
            <Suspense fallback={<LoadingPage />}>
              <TestStep connect={connect} lead={lead} />
            </Suspense>
          ) : (
            <Later>Sends the lead to the vendor once, and shows what came back.</Later>
          )}
        </Step>
      </ol>
    </Alone>
  );
}

/** A connect made on an earlier visit, so that the third step is not lost by a reload. */
function useFirstConnect(wanted: boolean): Connect | null {
  const { data } = useQuery({
    queryKey: ["connects", "first"],
    queryFn: async () => {
      const first = (await call(listConnects, { query: { limit: 1 } })).items[0];
      return first ? call(showConnect, { params: { id: first.id } }) : null;
    },
    enabled: wanted,
  });
  return data ?? null;
}

const Later = ({ children }: { children: ReactNode }) => (
  <div className="dim" style={{ fontSize: 13.5 }}>
    {children}
  </div>
);

function Step({
  n,
  at,
  title,
  last,
  children,
}: {
  n: number;
  at: number;
  title: string;
  last?: boolean;
  children: ReactNode;
}) {
  const state = n < at ? "done" : n === at ? "now" : "later";
  return (
    <li className="step" data-state={state} aria-current={state === "now" ? "step" : undefined}>
      <div className="steprail">
        <span className="stepmark">
          {state === "done" ? <IconCheck size={15} stroke={2.6} aria-label="Done" /> : <span aria-hidden>{n}</span>}
        </span>
        {!last && <span className="rail" />}
      </div>
      <div className="stepbody">
        <h2>{title}</h2>
        {children}
      </div>
    </li>
  );
}
