import "./workflows.css";
import { Button, Switch, TextInput } from "@mantine/core";
import { IconPlus, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { z } from "zod";
import type { WorkflowSummary } from "../../../src/contracts/endpoints/workflows.ts";
import { Notice } from "../ui/atoms.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { Fault } from "../ui/fault.tsx";
import { LoadingRows } from "../ui/loading.tsx";
import { Glyph } from "../ui/outcome.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { useMay } from "../ui/session.ts";
import { useUrlState } from "../ui/use-url-state.ts";
import { workflowsQuery } from "./queries.ts";
import { useSwitchWorkflow } from "./use-switch-workflow.ts";
import { WorkflowMenu } from "./workflow-menu.tsx";

const Search = z.object({ q: z.string().default("") });

/** Every workflow with what it says, how often it fired and what is pending. */
export function WorkflowListPage() {
  const { data, error, refetch } = useQuery(workflowsQuery);
  const [{ q }, setUrl] = useUrlState(Search);
  const admin = useMay("admin");
  const switching = useSwitchWorkflow();
  const navigate = useNavigate();
  const add = () => void navigate({ to: "/workflows/new" });
  if (data?.items.length === 0) return <NoWorkflow add={admin ? add : null} />;
  const found = (data?.items ?? []).filter((one) =>
    `${one.name} ${one.description} ${one.sentence}`.toLowerCase().includes(q.trim().toLowerCase()),
  );
  return (
    <>
      <PageHead
        title="Workflows"
        sub="When something happens, what is done about it."
        acts={
          <>
            <TextInput
              className="hide-m asblock"
              leftSection={<IconSearch size={15} aria-hidden />}
              placeholder="Name or what it does"
              aria-label="Search workflows"
              w={220}
              value={q}
              onChange={(event) => setUrl({ q: event.currentTarget.value })}
            />
            {admin && (
              <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={add}>
                Add Workflow
              </Button>
            )}
          </>
        }
      />
      <div className="pad" style={{ paddingTop: 6, paddingBottom: 8 }}>
        {error && <Fault what="The workflows could not be read." error={error} again={() => void refetch()} />}
        {switching.fault && (
          <div role="alert">
            <Notice o="failed">{switching.fault}</Notice>
          </div>
        )}
      </div>
      <table className="tbl roomy wlist">
        <caption className="sr">Workflows</caption>
        <colgroup>
          <col />
          <col style={{ width: 84 }} />
          <col className="opt" style={{ width: 104 }} />
          <col className="opt" style={{ width: 84 }} />
          <col style={{ width: 84 }} />
        </colgroup>
        <thead>
          <tr>
            <th>Name</th>
            <th>Active</th>
            <th className="r opt">Fired in 24 h</th>
            <th className="r opt">Pending</th>
            <th className="r">Action</th>
          </tr>
        </thead>
        {data ? (
          <tbody>
            {found.map((workflow) => (
              <Row key={workflow.id} workflow={workflow} switching={switching} admin={admin} />
            ))}
          </tbody>
        ) : (
          !error && <LoadingRows columns={5} rows={5} />
        )}
      </table>
      {data && found.length === 0 && (
        <div className="nomatch">
          <b>No workflow says “{q}”</b>
          <Button size="xs" variant="default" onClick={() => setUrl({ q: "" })}>
            Show all {data.items.length}
          </Button>
        </div>
      )}
    </>
  );
}

function Row({
  workflow,
  switching,
  admin,
}: {
  workflow: WorkflowSummary;
  switching: ReturnType<typeof useSwitchWorkflow>;
  admin: boolean;
}) {
  const { id, name, active, sentence, fired, pending, notice } = workflow;
  return (
    <tr>
      <td>
        <Link className="plain rowname" to="/workflows/$id" params={{ id: String(id) }}>
          {name}
        </Link>
        <div className="wsentence" title={sentence}>
          {sentence}
        </div>
        {notice && (
          <div className="remark" style={{ color: "var(--pb-retrying)", whiteSpace: "normal" }}>
            <Glyph o="retrying" size={14} />
            <span>{notice}</span>
          </div>
        )}
      </td>
      <td>
        <Switch
          checked={active}
          disabled={!admin || switching.pending === id}
          onChange={(event) => switching.switchTo(workflow, event.currentTarget.checked)}
          aria-label={`${name}: active`}
        />
      </td>
      <td className="r num opt">{fired.toLocaleString("en")}</td>
      <td className="r num opt">
        {pending > 0 ? (
          <Link className="lnk" to="/workflows/$id/logs" params={{ id: String(id) }} search={{ state: "pending" }}>
            {pending.toLocaleString("en")}
          </Link>
        ) : (
          <span className="dim">0</span>
        )}
      </td>
      <td className="r">
        <WorkflowMenu workflow={workflow} withSettings />
      </td>
    </tr>
  );
}

function NoWorkflow({ add }: { add: (() => void) | null }) {
  return (
    <>
      <PageHead title="Workflows" />
      <EmptyState title="Nothing happens by itself yet" acts={add && <Button onClick={add}>Add Workflow</Button>}>
        A workflow says when something happens and what is done about it: on a SALE in Campaign A, send the lead to the
        CRM; after three no-answers, wait a day, then change its status. Before you save one, a rehearsal shows what it
        would have done with what really happened.
        <p className="dim" style={{ fontSize: 13, margin: "12px 0 0" }}>
          Your dialler has to tell Patchbay what happens:{" "}
          <Link className="lnk" to="/settings" search={{ tab: "event-sources" }}>
            Event sources
          </Link>{" "}
          has the URLs to paste.
        </p>
      </EmptyState>
    </>
  );
}
