import { Button } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Fragment } from "react";
import { z } from "zod";
import { listAudit } from "../../../src/contracts/endpoints/access.ts";
import type { EndpointAnswer } from "../../../src/contracts/endpoint.ts";
import { call } from "../api.ts";
import { Fault } from "../ui/fault.tsx";
import { LoadingRows } from "../ui/loading.tsx";
import { Time } from "../ui/time.tsx";
import { useUrlState } from "../ui/use-url-state.ts";
import { AuditDiff } from "./audit-diff.tsx";

type Entry = EndpointAnswer<typeof listAudit>["items"][number];

const Search = z.object({ entry: z.coerce.number().int().optional() });

/** Who changed what, newest first; a row opens to what was before and after. */
export default function Audit() {
  const [url, setUrl] = useUrlState(Search);
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ["audit"],
    queryFn: ({ signal, pageParam }) =>
      call(listAudit, { query: { limit: 50, ...(pageParam ? { cursor: pageParam } : {}) } }, signal),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  const items = data?.pages.flatMap((page) => page.items) ?? null;
  const toggle = (id: number) => setUrl({ entry: url.entry === id ? undefined : id });
  return (
    <>
      <div className="shead">
        <h2>Audit</h2>
        <p>Who changed what, newest first. Secrets are hidden here too.</p>
      </div>
      {error && (
        <div className="pad">
          <Fault what="The audit could not be loaded." error={error} again={() => void refetch()} />
        </div>
      )}
      <table className="tbl resp" aria-label="Audit">
        <colgroup>
          <col style={{ width: 160 }} />
          <col style={{ width: 200 }} />
          <col />
        </colgroup>
        <thead>
          <tr>
            <th>When</th>
            <th>Who</th>
            <th>What</th>
          </tr>
        </thead>
        {items ? (
          <tbody>
            {items.map((entry) => (
              <Fragment key={entry.id}>
                <tr>
                  <td className="dim">
                    <Time at={entry.at} />
                  </td>
                  <td>{entry.actor}</td>
                  <td>
                    <Opener entry={entry} open={url.entry === entry.id} toggle={toggle} />
                  </td>
                </tr>
                {url.entry === entry.id && (
                  <tr className="opened">
                    <td colSpan={3}>
                      <AuditDiff entry={entry} />
                    </td>
                  </tr>
                )}
              </Fragment>
            ))}
          </tbody>
        ) : (
          <LoadingRows columns={3} />
        )}
      </table>
      <div className="slines">
        {items?.map((entry) => (
          <div key={entry.id} className="sline" style={{ flexWrap: "wrap" }}>
            <div>
              <Opener entry={entry} open={url.entry === entry.id} toggle={toggle} />
              <div className="dim" style={{ fontSize: 13 }}>
                {entry.actor} · <Time at={entry.at} />
              </div>
            </div>
            {url.entry === entry.id && (
              <div style={{ flexBasis: "100%", paddingRight: 8 }}>
                <AuditDiff entry={entry} />
              </div>
            )}
          </div>
        ))}
      </div>
      {hasNextPage && (
        <div className="snone">
          <Button size="xs" variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show older
          </Button>
        </div>
      )}
    </>
  );
}

function Opener({ entry, open, toggle }: { entry: Entry; open: boolean; toggle: (id: number) => void }) {
  const Chevron = open ? IconChevronDown : IconChevronRight;
  return (
    <button type="button" className="more" aria-expanded={open} onClick={() => toggle(entry.id)}>
      <Chevron size={14} aria-hidden className="dim" style={{ verticalAlign: -2, marginRight: 4 }} />
      {pastOf(entry.action)} {entry.target.kind} <b style={{ fontWeight: 550 }}>{entry.target.name}</b>
    </button>
  );
}

const pasts: Record<string, string> = {
  create: "Added",
  update: "Changed",
  delete: "Deleted",
  revoke: "Revoked",
  duplicate: "Copied",
  switch: "Switched",
  pause: "Paused",
  "switch on": "Switched on",
  "switch off": "Switched off",
  resume: "Resumed",
  "discard held": "Discarded held deliveries of",
};

const pastOf = (action: string): string =>
  pasts[action] ?? action.charAt(0).toUpperCase() + action.slice(1).replaceAll("_", " ");
