import { Button } from "@mantine/core";
import { EmptyState } from "../ui/empty-state.tsx";
import { showPhone } from "../ui/phone.ts";
import { noFilter, type ChangeLogUrl, type LogUrl } from "./filter.ts";

/** Nothing to show: the filter is the problem, so it is named and can be lifted; or nothing was sent yet. */
export function NoRows({
  filtered,
  url,
  change,
  all,
}: {
  filtered: boolean;
  url: LogUrl;
  change: ChangeLogUrl;
  all: boolean;
}) {
  if (!filtered)
    return (
      <EmptyState title="Nothing was sent yet">
        {all
          ? "Every delivery to every vendor stands here: what was sent, what came back, and when it failed, why. Press Test Connect on a connect, or send a lead."
          : "Every delivery to this vendor stands here: what was sent, what came back, and when it failed, why. Press Test Connect on the General tab."}
      </EmptyState>
    );
  return (
    <div className="nomatch">
      <div style={{ fontWeight: 600, fontSize: 15 }}>No delivery matches{named(url)}</div>
      <div style={{ display: "flex", gap: 6 }}>
        {url.range !== "any" && (
          <Button
            size="xs"
            variant="default"
            onClick={() => change({ range: undefined, from: undefined, to: undefined, cursor: undefined })}
          >
            Show any date
          </Button>
        )}
        <Button size="xs" variant={url.range === "any" ? "default" : "subtle"} onClick={() => change(noFilter)}>
          Clear all filters
        </Button>
      </div>
    </div>
  );
}

function named(url: LogUrl): string {
  const parts = [
    url.phone && `phone ${showPhone(url.phone)}`,
    url.lead_id && `lead ${url.lead_id}`,
    url.result && `result ${url.result}`,
    url.outcome ?? url.state,
    url.test && (url.test === "true" ? "test" : "live"),
    {
      any: "",
      today: "today",
      yesterday: "yesterday",
      "7d": "last 7 days",
      "30d": "last 30 days",
      custom: "these days",
    }[url.range],
  ].filter(Boolean);
  return parts.length > 0 ? `: ${parts.join(", ")}` : "";
}
