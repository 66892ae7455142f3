import { useNavigate } from "@tanstack/react-router";
import { EmptyState } from "../ui/empty-state.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { useMay } from "../ui/session.ts";
import { GeneralForm } from "./general-tab.tsx";

/** Add Connect: settings A–J blank, with the preview beside them. */
export function NewConnectPage() {
  const admin = useMay("admin");
  const navigate = useNavigate();
  return (
    <>
      <PageHead title="Add Connect" crumb={{ to: "/connects", label: "Connect" }} />
      {admin ? (
        <GeneralForm
          connect={null}
          arrived={(id) => void navigate({ to: "/connects/$id", params: { id: String(id) }, hash: "test" })}
        />
      ) : (
        <EmptyState title="Connects are added by admins">Your role can read them, and test what is saved.</EmptyState>
      )}
    </>
  );
}
