import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ActionEntry } from "../../../src/contracts/endpoints/workflows.ts";
import type { OutcomeName } from "../theme.ts";
import { Unseen } from "../ui/atoms.tsx";
import { Fault } from "../ui/fault.tsx";
import { LoadingRows } from "../ui/loading.tsx";
import { Outcome } from "../ui/outcome.tsx";
import { useMay } from "../ui/session.ts";
import { Time } from "../ui/time.tsx";
import { sayRefused } from "../ui/ask-once.tsx";
import { say } from "../ui/toast.tsx";
import { actionLabel } from "./action-kinds.ts";
import { NoLogRows, OlderBar, type LogProps } from "./log-parts.tsx";
import { actionsQuery, workflowsKey, workflowVerbs, type ActionFilter } from "./queries.ts";

/** Actions, newest first: date, lead, list, action, state; what is pending can be run now or skipped. */
export function ActionLog({ filter, ...props }: LogProps & { filter: ActionFilter }) {
  const { data, error, refetch } = useQuery(actionsQuery(filter));
  const verbs = useActionVerbs();
  return (
    <>
      {error && (
        <div className="pad">
          <Fault what="The actions could not be read." error={error} again={() => void refetch()} />
        </div>
      )}
      {data?.items.length === 0 ? (
        <NoLogRows {...props} what="action">
          Everything this workflow did and still owes stands here: with its lead, when it is due, and why it was
          skipped.
        </NoLogRows>
      ) : (
        <>
          <table className="tbl resp">
            <caption className="sr">Actions, newest first</caption>
            <colgroup>
              <col style={{ width: 128 }} />
              <col style={{ width: 106 }} />
              <col className="opt" style={{ width: 150 }} />
              <col style={{ width: 160 }} />
              <col style={{ width: 112 }} />
              <col />
              <col style={{ width: 148 }} />
            </colgroup>
            <thead>
              <tr>
                <th>Date</th>
                <th>Lead</th>
                <th className="opt">List</th>
                <th>Action</th>
                <th>State</th>
                <th>Note</th>
                <th>
                  <Unseen>Verbs</Unseen>
                </th>
              </tr>
            </thead>
            {data ? (
              <tbody>
                {data.items.map((entry) => (
                  <tr key={entry.id}>
                    <td>
                      <Time at={entry.at} />
                    </td>
                    <td>
                      <LeadLink id={entry.lead_id} />
                    </td>
                    <td className="opt">{entry.list?.name ?? <span className="dim">–</span>}</td>
                    <td>{actionLabel(entry.type)}</td>
                    <td>
                      <State entry={entry} />
                    </td>
                    <td className="wnote">
                      <Note entry={entry} />
                    </td>
                    <td className="r">
                      <Verbs entry={entry} verbs={verbs} />
                    </td>
                  </tr>
                ))}
              </tbody>
            ) : (
              !error && <LoadingRows columns={7} />
            )}
          </table>
          <ul className="plainlist only-m">
            {data?.items.map((entry) => (
              <li key={entry.id} className="wlogrow">
                <span>
                  <b>{actionLabel(entry.type)}</b> <LeadLink id={entry.lead_id} />
                </span>
                <State entry={entry} />
                <span className="wnote">
                  <Note entry={entry} />
                </span>
                <span className="dim">
                  <Time at={entry.at} />
                </span>
                <Verbs entry={entry} verbs={verbs} />
              </li>
            ))}
          </ul>
          {data && <OlderBar {...props} count={data.items.length} next={data.next_cursor} />}
        </>
      )}
    </>
  );
}

export const LeadLink = ({ id }: { id: number | null }) =>
  id === null ? (
    <span className="dim">–</span>
  ) : (
    <Link className="lnk" to="/leads/$id" params={{ id: String(id) }}>
      Lead {id}
    </Link>
  );

const looks: Record<ActionEntry["state"], readonly [OutcomeName, string]> = {
  pending: ["waiting", "Pending"],
  done: ["accepted", "Done"],
  skipped: ["discarded", "Skipped"],
  failed: ["failed", "Failed"],
};

function State({ entry }: { entry: ActionEntry }) {
  const [o, word] = looks[entry.state];
  return <Outcome o={o} word={word} quiet={entry.state !== "failed"} />;
}

function Note({ entry }: { entry: ActionEntry }) {
  if (entry.state === "pending" && entry.due_at)
    return (
      <>
        Due <Time at={entry.due_at} />
        {entry.note && <span className="dim"> · {entry.note}</span>}
      </>
    );
  return <span title={entry.note}>{entry.note}</span>;
}

type Verbs = ReturnType<typeof useActionVerbs>;

function useActionVerbs() {
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: workflowsKey });
  const run = useMutation({
    mutationFn: (id: string) => workflowVerbs.runNow(id),
    onSuccess: () => {
      say("It is due now.");
      return refresh();
    },
    onError: (error) => sayRefused("The action is not carried out", error),
  });
  const skip = useMutation({
    mutationFn: (id: string) => workflowVerbs.flush({ ids: [id] }),
    onSuccess: ({ count }) => {
      if (count > 0) say("The action is skipped.");
      else sayRefused("The action is not skipped", "It was carried out in the meantime.");
      return refresh();
    },
    onError: (error) => sayRefused("The action is not skipped", error),
  });
  return { run, skip };
}

function Verbs({ entry, verbs }: { entry: ActionEntry; verbs: Verbs }) {
  const operator = useMay("operator");
  const what = `${actionLabel(entry.type)} of lead ${entry.lead_id ?? ""}`;
  if (entry.delivery_id !== null)
    return (
      <Link className="lnk" to="/deliveries/$id" params={{ id: entry.delivery_id }} aria-label={`View ${what}`}>
        View
      </Link>
    );
  if (entry.state !== "pending" || !operator) return null;
  const busy = verbs.run.isPending || verbs.skip.isPending;
  return (
    <span style={{ display: "inline-flex", gap: 14 }}>
      <button
        type="button"
        className="lnk"
        disabled={busy}
        aria-label={`Run now: ${what}`}
        onClick={() => verbs.run.mutate(entry.id)}
      >
        Run now
      </button>
      <button
        type="button"
        className="lnk"
        disabled={busy}
        aria-label={`Skip: ${what}`}
        onClick={() => verbs.skip.mutate(entry.id)}
      >
        Skip
      </button>
    </span>
  );
}
