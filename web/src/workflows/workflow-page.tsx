import "./workflows.css";
import { Switch } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Outlet, useNavigate, useParams, useRouterState } from "@tanstack/react-router";
import { Notice } from "../ui/atoms.tsx";
import { Broken } from "../ui/broken.tsx";
import { LoadingPage } from "../ui/loading.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { useMay } from "../ui/session.ts";
import { Tabs } from "../ui/tabs.tsx";
import { workflowQuery, workflowsQuery } from "./queries.ts";
import { useSwitchWorkflow } from "./use-switch-workflow.ts";
import { WorkflowMenu } from "./workflow-menu.tsx";

const tabs = [
  ["general", "General"],
  ["logs", "Logs"],
  ["why", "Why did this not fire?"],
] as const;

/** A workflow: its head, and the tab that is open. */
export function WorkflowPage() {
  const { id = "" } = useParams({ strict: false });
  const navigate = useNavigate();
  const at = useRouterState({
    select: ({ location }) => /\/(logs|why)\/?$/.exec(location.pathname)?.[1] ?? "general",
  });
  const admin = useMay("admin");
  const switching = useSwitchWorkflow();
  const workflow = useQuery(workflowQuery(Number(id)));
  const summary = useQuery(workflowsQuery).data?.items.find((item) => String(item.id) === id);
  if (workflow.error && !workflow.data) return <Broken error={workflow.error} reset={() => void workflow.refetch()} />;
  if (!workflow.data) return <LoadingPage />;
  const { name, active, notice } = workflow.data;
  const go = (tab: string) =>
    void navigate({
      to: tab === "logs" ? "/workflows/$id/logs" : tab === "why" ? "/workflows/$id/why" : "/workflows/$id",
      params: { id },
    });
  return (
    <>
      <PageHead
        title={name}
        crumb={{ to: "/workflows", label: "Workflows" }}
        acts={
          <>
            <Switch
              label="Active"
              labelPosition="left"
              classNames={{ label: "switchlabel" }}
              checked={active}
              disabled={!admin || switching.pending !== null}
              onChange={(event) => switching.switchTo(workflow.data, event.currentTarget.checked)}
            />
            {summary && <WorkflowMenu workflow={summary} />}
          </>
        }
      />
      {(switching.fault || notice) && (
        <div className="pad" role="alert" style={{ paddingTop: 8 }}>
          <Notice o={switching.fault ? "failed" : "retrying"}>{switching.fault ?? notice}</Notice>
        </div>
      )}
      <Tabs items={tabs} at={at} go={go}>
        <Outlet />
      </Tabs>
    </>
  );
}
