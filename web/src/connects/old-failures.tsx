import { Button } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Connect } from "../../../src/contracts/connect.ts";
import { countDeliveries } from "../../../src/contracts/endpoints/deliveries.ts";
import { call } from "../api.ts";
import { Notice } from "../ui/atoms.tsx";
import { ReplayDrawer } from "../ui/replay-form.tsx";
import { manyWords } from "../ui/replay-preview-words.ts";

/** Failures that the settings were to blame for (spec 3, Outcome): 3xx not followed, 404, 405, 415. */
const ofSettings = "redirect_refused,http_404,http_405,http_415";
const countedMost = 10_000;

const oldFailuresQuery = ({ id, saved_at }: Pick<Connect, "id" | "saved_at">) =>
  queryOptions({
    queryKey: ["deliveries", "failed on old settings", id, saved_at],
    queryFn: ({ signal }) =>
      call(
        countDeliveries,
        { query: { connect: id, diagnosis: ofSettings, settled_before: saved_at, test: "false" } },
        signal,
      ),
  });

/** After a save: what failed on the old settings can be sent again. */
export function OldFailures({ connect }: { connect: Pick<Connect, "id" | "saved_at"> }) {
  const { data } = useQuery(oldFailuresQuery(connect));
  const [asking, setAsking] = useState(false);
  const [closed, setClosed] = useState<string | null>(null);
  const count = data?.failed ?? 0;
  if (count === 0 || closed === connect.saved_at) return null;
  const which = {
    filter: {
      connect: connect.id as never,
      outcome: "failed" as const,
      diagnosis: ofSettings,
      settled_before: connect.saved_at,
    },
  };
  return (
    <div className="offer">
      <Notice
        act={
          <>
            <Button type="button" size="xs" variant="light" onClick={() => setAsking(true)}>
              {count === 1 ? "Send it again…" : `Send the ${manyWords(count, count >= countedMost)} again…`}
            </Button>
            <button
              type="button"
              className="iconbtn"
              aria-label="Leave them"
              onClick={() => setClosed(connect.saved_at)}
            >
              <IconX size={16} aria-hidden />
            </button>
          </>
        }
      >
        {count === 1
          ? "1 delivery failed on the old settings."
          : `${manyWords(count, count >= countedMost)} deliveries failed on the old settings.`}
      </Notice>
      {asking && (
        <ReplayDrawer which={which} close={() => setAsking(false)} started={() => setClosed(connect.saved_at)} />
      )}
    </div>
  );
}
