import { PageHead } from "../ui/page-head.tsx";
import { LogsPanel } from "./logs-panel.tsx";

/** The logs of all connects. */
export function DeliveryListPage() {
  return (
    <>
      <PageHead title="Deliveries" sub="What every connect sent, what came back, and what still waits." />
      <LogsPanel />
    </>
  );
}
