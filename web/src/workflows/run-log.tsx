import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconCheck, IconX } from "@tabler/icons-react";
import type { Run } from "../../../src/contracts/endpoints/workflows.ts";
import { Unseen } from "../ui/atoms.tsx";
import { Fault } from "../ui/fault.tsx";
import { LoadingRows } from "../ui/loading.tsx";
import { Time } from "../ui/time.tsx";
import { capital } from "../ui/why-not.tsx";
import { LeadLink } from "./action-log.tsx";
import { NoLogRows, OlderBar, type LogProps } from "./log-parts.tsx";
import { runsQuery, type RunFilter } from "./queries.ts";

/** Decisions, newest first: for which event and lead it was asked, and what it said. */
export function RunLog({ filter, ...props }: LogProps & { filter: RunFilter }) {
  const { data, error, refetch } = useQuery(runsQuery(filter));
  return (
    <>
      {error && (
        <div className="pad">
          <Fault what="The decisions could not be read." error={error} again={() => void refetch()} />
        </div>
      )}
      {data?.items.length === 0 ? (
        <NoLogRows {...props} what="decision">
          Each time something happens that could make this workflow fire, its decision stands here with every check.
        </NoLogRows>
      ) : (
        <>
          <table className="tbl resp">
            <caption className="sr">Decisions, newest first</caption>
            <colgroup>
              <col style={{ width: 128 }} />
              <col style={{ width: 106 }} />
              <col style={{ width: 250 }} />
              <col />
              <col style={{ width: 82 }} />
            </colgroup>
            <thead>
              <tr>
                <th>Date</th>
                <th>Lead</th>
                <th>Event</th>
                <th>Decision</th>
                <th>
                  <Unseen>Why</Unseen>
                </th>
              </tr>
            </thead>
            {data ? (
              <tbody>
                {data.items.map((run) => (
                  <tr key={run.id}>
                    <td>
                      <Time at={run.at} />
                    </td>
                    <td>
                      <LeadLink id={run.lead_id} />
                    </td>
                    <td>{capital(run.event.says)}</td>
                    <td>
                      <Decision run={run} />
                    </td>
                    <td className="r">
                      <Why run={run} />
                    </td>
                  </tr>
                ))}
              </tbody>
            ) : (
              !error && <LoadingRows columns={5} />
            )}
          </table>
          <ul className="plainlist only-m">
            {data?.items.map((run) => (
              <li key={run.id} className="wlogrow">
                <span>
                  {capital(run.event.says)} <LeadLink id={run.lead_id} />
                </span>
                <Why run={run} />
                <Decision run={run} />
                <span className="dim">
                  <Time at={run.at} />
                </span>
              </li>
            ))}
          </ul>
          {data && <OlderBar {...props} count={data.items.length} next={data.next_cursor} />}
        </>
      )}
    </>
  );
}

const Decision = ({ run }: { run: Run }) => (
  <span className="oc" style={{ fontWeight: run.fired ? 500 : 400 }} title={run.headline}>
    {run.fired ? (
      <IconCheck size={15} stroke={2.2} style={{ color: "var(--pb-accent)" }} aria-hidden />
    ) : (
      <IconX size={15} stroke={2.2} className="dim" aria-hidden />
    )}
    <span>{run.headline}</span>
  </span>
);

const Why = ({ run }: { run: Run }) =>
  run.lead_id !== null && (
    <Link
      className="lnk"
      to="/workflows/$id/why"
      params={{ id: String(run.workflow.id) }}
      search={{ lead: String(run.lead_id), event: run.event.id }}
      aria-label={`Why? ${run.event.says}, lead ${run.lead_id}`}
    >
      Why?
    </Link>
  );
