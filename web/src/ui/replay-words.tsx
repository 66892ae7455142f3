import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { showReplay } from "../../../src/contracts/endpoints/replays.ts";
import type { ReplayPreview } from "../../../src/contracts/endpoints/replays.ts";
import { call } from "../api.ts";

type Begun = { id: number; count: number; waits: ReplayPreview["waits"] };

/** What is said when a replay began, kept true while it is read: they go out, they wait, they were sent. */
export const replayWords = (id: number, count: number, waits: Begun["waits"]): ReactNode => (
  <ReplayWords id={id} count={count} waits={waits} />
);

function ReplayWords({ id, count, waits }: Begun) {
  const { data } = useQuery({
    queryKey: ["replays", "one", id],
    queryFn: ({ signal }) => call(showReplay, { params: { id } }, signal),
    refetchInterval: ({ state }) => (state.data?.ended_at && state.data.owed === 0 ? false : 1_000),
  });
  const held = waits.reduce((sum, one) => sum + one.count, 0);
  if (data?.state === "cancelled") return `Stopped: ${deliveries(data.moved)} sent again.`;
  if (data && data.ended_at !== null && data.owed === 0)
    return data.skipped > 0
      ? `${many(data.moved)} of ${many(data.moved + data.skipped)} were sent again. ${data.note}`
      : `${deliveries(data.moved)} sent again.`;
  if (held >= count) return `${subject(count)} due again, and ${count === 1 ? "waits" : "wait"} for ${namesOf(waits)}.`;
  return count === 1 ? "1 delivery goes out again." : `${many(count)} deliveries go out again.`;
}

const many = (count: number): string => count.toLocaleString("en");
const deliveries = (count: number): string => (count === 1 ? "1 delivery was" : `${many(count)} deliveries were`);
const subject = (count: number): string => (count === 1 ? "1 delivery is" : `${many(count)} deliveries are`);
const namesOf = (waits: ReplayPreview["waits"]): string => waits.map(({ connect }) => connect.name).join(" and ");
