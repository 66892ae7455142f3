import "./logs.css";
import { Button, SegmentedControl, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { z } from "zod";
import { askOnce, sayRefused } from "../ui/ask-once.tsx";
import { listsQuery } from "../ui/dialler.ts";
import { useMay, useSession } from "../ui/session.ts";
import { say } from "../ui/toast.tsx";
import { useUrlState } from "../ui/use-url-state.ts";
import { addDays, dayIn, startOfDay } from "../ui/zoned-day.ts";
import { ActionLog } from "./action-log.tsx";
import { actionKinds } from "./action-kinds.ts";
import { workflowsKey, workflowsQuery, workflowVerbs } from "./queries.ts";
import { RunLog } from "./run-log.tsx";

const LogUrl = z.object({
  show: z.enum(["actions", "runs"]).default("actions"),
  state: z.enum(["pending", "done", "skipped", "failed"]).optional(),
  fired: z.enum(["true", "false"]).optional(),
  type: z.string().optional(),
  list: z.coerce.number().int().positive().optional(),
  lead: z.coerce.number().int().positive().optional(),
  range: z.enum(["any", "today", "7d", "30d"]).default("any"),
  cursor: z.string().optional(),
});
type Url = z.output<typeof LogUrl>;
type Change = (patch: Partial<Record<keyof Url, unknown>>) => void;

/** Logs: what the workflow did and still owes; and every decision of it, fired or not. */
export function LogsTab() {
  const { id = "" } = useParams({ strict: false });
  const workflow = Number(id);
  const [url, setUrl] = useUrlState(LogUrl);
  const { account } = useSession();
  const change: Change = (patch) => setUrl({ cursor: undefined, ...patch });
  const since = sinceOf(url.range, account.time_zone);
  const shared = {
    workflow: workflow as never,
    limit: 50,
    ...(url.lead ? { lead_id: url.lead as never } : {}),
    ...(url.cursor ? { cursor: url.cursor } : {}),
  };
  return (
    <>
      <Tools workflow={workflow} url={url} change={change} />
      {url.show === "actions" ? (
        <ActionLog
          filter={{
            ...shared,
            ...(url.state ? { state: url.state } : {}),
            ...(url.type ? { type: url.type } : {}),
            ...(url.list ? { list: url.list } : {}),
            ...(since ? { from: since } : {}),
          }}
          filtered={Boolean(url.state ?? url.type ?? url.list ?? url.lead ?? since)}
          lift={() => change({ state: "", type: "", list: "", lead: "", range: "" })}
          older={(cursor) => setUrl({ cursor })}
          newest={url.cursor ? () => setUrl({ cursor: undefined }) : null}
        />
      ) : (
        <RunLog
          filter={{ ...shared, ...(url.fired ? { fired: url.fired } : {}) }}
          filtered={Boolean(url.fired ?? url.lead)}
          lift={() => change({ fired: "", lead: "" })}
          older={(cursor) => setUrl({ cursor })}
          newest={url.cursor ? () => setUrl({ cursor: undefined }) : null}
        />
      )}
    </>
  );
}

function sinceOf(range: Url["range"], zone: string): string | undefined {
  const today = dayIn(zone, new Date());
  const day = { any: undefined, today, "7d": addDays(today, -6), "30d": addDays(today, -29) }[range];
  return day && startOfDay(day, zone);
}

const states = [
  { value: "", label: "Any state" },
  { value: "pending", label: "Pending" },
  { value: "done", label: "Done" },
  { value: "skipped", label: "Skipped" },
  { value: "failed", label: "Failed" },
];
const ranges = [
  { value: "any", label: "Any date" },
  { value: "today", label: "Today" },
  { value: "7d", label: "Last 7 days" },
  { value: "30d", label: "Last 30 days" },
];

function Tools({ workflow, url, change }: { workflow: number; url: Url; change: Change }) {
  const lists = useQuery(listsQuery).data?.items ?? [];
  return (
    <div className="wtools">
      <SegmentedControl
        size="xs"
        aria-label="Which log"
        data={[
          { value: "actions", label: "Actions" },
          { value: "runs", label: "Decisions" },
        ]}
        value={url.show}
        onChange={(show) => change({ show: show === "actions" ? "" : show })}
      />
      <LeadFilter key={url.lead ?? ""} lead={url.lead} change={change} />
      {url.show === "actions" ? (
        <>
          <Select
            size="xs"
            w={120}
            aria-label="State"
            data={states}
            value={url.state ?? ""}
            onChange={(state) => change({ state })}
          />
          <Select
            size="xs"
            w={150}
            aria-label="Action type"
            data={[
              { value: "", label: "Any action" },
              ...actionKinds.map(({ type, label }) => ({ value: type, label })),
            ]}
            value={url.type ?? ""}
            onChange={(type) => change({ type })}
          />
          <Select
            size="xs"
            w={150}
            aria-label="List"
            searchable
            data={[
              { value: "", label: "Any list" },
              ...lists.map((list) => ({ value: String(list.id), label: list.name })),
            ]}
            value={url.list ? String(url.list) : ""}
            onChange={(list) => change({ list })}
          />
          <Select
            size="xs"
            w={126}
            aria-label="Date"
            data={ranges}
            value={url.range}
            onChange={(range) => change({ range: range === "any" ? "" : range })}
          />
          <FlushButton workflow={workflow} />
        </>
      ) : (
        <Select
          size="xs"
          w={140}
          aria-label="Fired or not"
          data={[
            { value: "", label: "Fired or not" },
            { value: "true", label: "Fired" },
            { value: "false", label: "Did not fire" },
          ]}
          value={url.fired ?? ""}
          onChange={(fired) => change({ fired })}
        />
      )}
    </div>
  );
}

function LeadFilter({ lead, change }: { lead: number | undefined; change: Change }) {
  const [typed, setTyped] = useState(lead ? String(lead) : "");
  const apply = useDebouncedCallback((text: string) => change({ lead: text.replaceAll(/\D/g, "") }), 300);
  return (
    <TextInput
      size="xs"
      w={110}
      placeholder="Lead ID"
      aria-label="Lead ID"
      inputMode="numeric"
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        apply(event.currentTarget.value);
      }}
    />
  );
}

/** Skips everything that is pending, after asking once. */
function FlushButton({ workflow }: { workflow: number }) {
  const queries = useQueryClient();
  const operator = useMay("operator");
  const pending = useQuery(workflowsQuery).data?.items.find(({ id }) => Number(id) === workflow)?.pending ?? 0;
  const flush = useMutation({
    mutationFn: () => workflowVerbs.flush({ workflow: workflow }),
    onSuccess: ({ count }) => {
      say(`${count.toLocaleString("en")} pending action${count === 1 ? " is" : "s are"} skipped.`);
      void queries.invalidateQueries({ queryKey: workflowsKey });
    },
    onError: (error) => sayRefused("Nothing is skipped", error),
  });
  if (!operator || pending === 0) return null;
  const all = pending === 1 ? "1 pending action" : `${pending.toLocaleString("en")} pending actions`;
  return (
    <span className="right">
      <Button
        size="xs"
        variant="default"
        loading={flush.isPending}
        onClick={() =>
          askOnce({
            title: `Skip ${all}?`,
            text: "They are not carried out, and the log says that they were skipped. The workflow goes on for new events.",
            verb: `Skip ${all}`,
            act: () => flush.mutate(),
          })
        }
      >
        Flush {all}
      </Button>
    </span>
  );
}
