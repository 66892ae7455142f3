import { Button, Switch } from "@mantine/core";
import { IconPlayerPause } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Outlet, useNavigate, useParams, useRouterState } from "@tanstack/react-router";
import { Method, Notice } from "../ui/atoms.tsx";
import { Broken } from "../ui/broken.tsx";
import { LoadingPage } from "../ui/loading.tsx";
import { Outcome } from "../ui/outcome.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { useMay } from "../ui/session.ts";
import { Tabs } from "../ui/tabs.tsx";
import "./connects.css";
import { ConnectMenu } from "./connect-menu.tsx";
import { connectQuery, connectsQuery } from "./queries.ts";
import { StandingNotice } from "./standing-notice.tsx";
import { standing } from "./standing.ts";
import { useSwitchConnect } from "./switch-connect.tsx";
import { usePause } from "./use-pause.tsx";

const tabs = [
  ["general", "General"],
  ["logs", "Connect Logs"],
  ["health", "Health"],
] as const;

/** A connect: its head, and the tab that is open. */
export function ConnectPage() {
  const { id = "" } = useParams({ strict: false });
  const navigate = useNavigate();
  const at = useRouterState({
    select: ({ location }) => /\/(logs|health)\/?$/.exec(location.pathname)?.[1] ?? "general",
  });
  const admin = useMay("admin");
  const operator = useMay("operator");
  const switching = useSwitchConnect();
  const pausing = usePause();
  const connect = useQuery(connectQuery(Number(id)));
  const summary = useQuery(connectsQuery).data?.items.find((item) => String(item.id) === id);
  if (connect.error && !connect.data) return <Broken error={connect.error} reset={() => void connect.refetch()} />;
  if (!connect.data) return <LoadingPage />;
  const { name, request_method } = connect.data;
  const active = summary?.active ?? connect.data.active;
  const state = summary && standing(summary);
  const paused = summary !== undefined && summary.standing.paused_at !== null;
  const go = (tab: string) =>
    void navigate({
      to: tab === "general" ? "/connects/$id" : `/connects/$id/${tab as "logs" | "health"}`,
      params: { id },
    });
  return (
    <>
      <PageHead
        title={name}
        crumb={{ to: "/connects", label: "Connect" }}
        tags={
          <>
            <Method>{request_method}</Method>
            {state && (state.loud || !active || paused) && <Outcome o={state.o} pill word={state.words} />}
          </>
        }
        acts={
          <>
            {operator && active && !paused && (
              <Button
                variant="default"
                className="headact"
                aria-label="Pause"
                leftSection={<IconPlayerPause size={16} aria-hidden />}
                loading={pausing.pending}
                onClick={() => pausing.pause(connect.data, true)}
              >
                Pause
              </Button>
            )}
            <Switch
              label="Active"
              labelPosition="left"
              classNames={{ label: "switchlabel" }}
              checked={active}
              disabled={!admin || switching.pending !== null}
              onChange={(event) => switching.switchTo(connect.data, event.currentTarget.checked)}
            />
            {summary && <ConnectMenu connect={summary} />}
          </>
        }
      />
      {switching.fault && (
        <div className="pad" role="alert" style={{ paddingTop: 8 }}>
          <Notice o="failed">{switching.fault}</Notice>
        </div>
      )}
      {summary && <StandingNotice connect={summary} pausing={pausing} />}
      <Tabs items={tabs} at={at} go={go}>
        <Outlet />
      </Tabs>
      {switching.dialog}
    </>
  );
}
