import "./workflows.css";
import { useNavigate } from "@tanstack/react-router";
import { PageHead } from "../ui/page-head.tsx";
import { useMay } from "../ui/session.ts";
import { NotHere } from "../ui/broken.tsx";
import { WorkflowForm } from "./general-tab.tsx";

/** Add Workflow. */
export function NewWorkflowPage() {
  const navigate = useNavigate();
  if (!useMay("admin")) return <NotHere />;
  return (
    <>
      <PageHead title="Add Workflow" crumb={{ to: "/workflows", label: "Workflows" }} />
      <WorkflowForm
        workflow={null}
        arrived={(id) =>
          void navigate({ to: "/workflows/$id", params: { id: String(id) }, replace: true, ignoreBlocker: true })
        }
      />
    </>
  );
}
