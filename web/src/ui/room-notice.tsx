import { queryOptions, useQuery } from "@tanstack/react-query";
import { showRoom } from "../../../src/contracts/endpoints/room.ts";
import { call } from "../api.ts";
import { Notice } from "./atoms.tsx";

export const roomKey = ["room"] as const;

const roomQuery = queryOptions({
  queryKey: roomKey,
  queryFn: ({ signal }) => call(showRoom, undefined, signal),
  // it comes and goes by itself
  refetchInterval: 15_000,
});

/** On every page, for every role, while the disk has no room for new work. */
export function RoomNotice() {
  const { data } = useQuery(roomQuery);
  return (
    <output className="roomnotice">
      {data?.refusal && (
        <Notice o="failed">
          <b>{data.refusal}.</b> Until then new leads and events are refused, and so are tests and retries. What is owed
          already goes on.
        </Notice>
      )}
    </output>
  );
}
