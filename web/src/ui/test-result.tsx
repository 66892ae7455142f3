import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect } from "react";
import { showDelivery } from "../../../src/contracts/endpoints/deliveries.ts";
import { call, wordsOf } from "../api.ts";
import { Notice } from "./atoms.tsx";
import { standingOf } from "./delivery-standing.tsx";
import { sentence } from "./sentence.ts";
import { Time } from "./time.tsx";
import { Words } from "./words.tsx";

/** Follows the test until it is settled. A test is never retried, so that is soon. */
export function TestResult({
  connectId,
  deliveryId,
}: {
  /** null: the connect was never saved, so it has no Logs tab yet. */
  connectId: number | null;
  deliveryId: string;
}) {
  const { data, error } = useQuery({
    queryKey: ["deliveries", "one", deliveryId],
    queryFn: ({ signal }) => call(showDelivery, { params: { id: deliveryId } }, signal),
    refetchInterval: ({ state }) => (state.data?.state === "settled" ? false : 400),
  });
  const isSettled = data?.state === "settled";
  const queries = useQueryClient();
  useEffect(() => {
    // the logs were read when it began: its row there says the same as this
    if (isSettled) void queries.invalidateQueries({ queryKey: ["deliveries", "list"] });
  }, [isSettled, queries]);
  const link =
    connectId === null ? (
      <Link className="lnk" to="/deliveries/$id" params={{ id: deliveryId }}>
        Open the whole story
      </Link>
    ) : (
      <Link className="lnk" to="/connects/$id/logs" params={{ id: String(connectId) }} search={{ open: deliveryId }}>
        Open it
      </Link>
    );
  if (error) return <Notice o="failed">{wordsOf(error)}</Notice>;
  return (
    <Notice o={data ? standingOf(data) : "waiting"}>
      <b style={{ fontWeight: 600 }}>
        {data && (
          <>
            Sent at <Time at={data.attempts_log[0]?.started_at ?? data.created_at} />.{" "}
          </>
        )}
        {isSettled ? <Words text={sentence(data.headline)} /> : "Waiting for the vendor’s answer …"}
      </b>
      {isSettled && data.result !== null && (
        <div>
          Result <span className="mono">{data.result}</span>
        </div>
      )}
      {isSettled && data.result === null && data.diagnosis && (
        <div>
          Result{" "}
          <span className="mono null" style={{ color: "var(--pb-failed)" }}>
            null
          </span>{" "}
          <Words text={`${sentence(data.diagnosis.message)} ${sentence(data.diagnosis.fix)}`} />
        </div>
      )}
      <div>
        {connectId !== null && <span className="t2">Check result on the Connect Logs tab. </span>}
        {link}
      </div>
    </Notice>
  );
}
