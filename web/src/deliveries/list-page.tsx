import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Glyph } from "../ui/outcome.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { useUrlState } from "../ui/use-url-state.ts";
import { LogUrl, noFilter } from "./filter.ts";
import { LogsPanel } from "./logs-panel.tsx";
import { countsQuery } from "./queries.ts";

/** The logs of all connects. */
export function DeliveryListPage() {
  return (
    <>
      <PageHead
        title="Deliveries"
        sub="What every connect sent, what came back, and what still waits."
        acts={<DeadLetters />}
      />
      <LogsPanel />
    </>
  );
}

/** The quick way to what needs a person: live deliveries that failed or that Patchbay gave up. */
function DeadLetters() {
  const [url, change] = useUrlState(LogUrl);
  const { data } = useQuery(countsQuery({ test: "false" }));
  const on = url.outcome === "failed" && url.test === "false";
  if (!on && (data?.failed ?? 0) === 0) return null;
  return (
    <Button
      size="xs"
      variant={on ? "light" : "default"}
      aria-pressed={on}
      leftSection={<Glyph o="failed" size={14} />}
      onClick={() => change(on ? noFilter : { ...noFilter, outcome: "failed", test: "false" })}
    >
      Gave up / failed {data && <span className="num">&nbsp;{data.failed.toLocaleString("en")}</span>}
    </Button>
  );
}
