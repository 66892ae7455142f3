import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Delivery } from "../../../src/contracts/delivery.ts";
import { deliveriesKey, storyQuery } from "./queries.ts";

type Page = { readonly items: readonly Delivery[]; readonly next_cursor: string | null };

/**
 * A delivery's row and its story beside it are read apart. When one of them tells of something newer, the story is read
 * again, and the row says what the story says: never that it is being sent beside the attempt that ended.
 */
export function useOneStory(id: string, row: Delivery | undefined, story: Delivery | undefined): void {
  const queries = useQueryClient();
  const ofRow = row && standingKey(row);
  const ofStory = story && standingKey(story);
  // the row changed by the live tail: the story is behind
  useEffect(() => {
    if (ofRow !== undefined && ofRow !== ofStory) void queries.invalidateQueries({ queryKey: storyQuery(id).queryKey });
    // only when the row changes: a story that differs is the newer one
    // oxlint-disable-next-line react/exhaustive-deps
  }, [id, ofRow, queries]);
  // the story was read: the row is as it says
  useEffect(() => {
    if (story === undefined) return;
    queries.setQueriesData<Page>({ queryKey: [...deliveriesKey, "list"] }, (page) => {
      const at = page?.items.findIndex((item) => item.id === id) ?? -1;
      if (!page || at < 0 || standingKey(page.items[at]!) === ofStory) return page;
      return { ...page, items: page.items.with(at, { ...page.items[at]!, ...rowOf(story) }) };
    });
    // oxlint-disable-next-line react/exhaustive-deps
  }, [id, ofStory, queries]);
}

/** What changes of a delivery as it goes on its way. */
const standingKey = ({ state, attempts, outcome, held_because }: Delivery): string =>
  [state, attempts, outcome, held_because].join();

const rowOf = ({
  state,
  held_because,
  outcome,
  result,
  http_status,
  diagnosis,
  remark,
  attempts,
  duration_ms,
}: Delivery) => ({
  state,
  held_because,
  outcome,
  result,
  http_status,
  diagnosis,
  remark,
  attempts,
  duration_ms,
});
