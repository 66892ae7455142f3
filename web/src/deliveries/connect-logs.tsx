import { useParams } from "@tanstack/react-router";
import { LogsPanel } from "./logs-panel.tsx";

/** The Connect Logs tab. */
export function ConnectLogs() {
  const { id = "" } = useParams({ strict: false });
  return <LogsPanel key={id} connect={Number(id)} />;
}
