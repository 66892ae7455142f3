import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import type { Delivery } from "../../../src/contracts/delivery.ts";
import { livePath } from "../../../src/contracts/endpoints/deliveries.ts";
import { queryString } from "../api.ts";
import { countsQuery, logQuery } from "./queries.ts";
import type { LogFilter } from "./filter.ts";

/**
 * The live tail. A row that is on the page changes in its place; a new one comes in at the top when `push` says that
 * nothing would jump under the reader, and is counted otherwise, until `showNew` brings it in.
 */
export function useLive(filter: LogFilter, limit: number, on: boolean, push: () => boolean) {
  const queries = useQueryClient();
  const [unseen, setUnseen] = useState<readonly Delivery[]>([]);
  const [broken, setBroken] = useState(false);
  const key = JSON.stringify(filter);
  const pushes = useRef(push);
  useEffect(() => {
    pushes.current = push;
  });

  useEffect(() => {
    if (!on) return undefined;
    const wanted = JSON.parse(key) as LogFilter;
    const listKey = logQuery(wanted, limit, undefined).queryKey;
    let counting: ReturnType<typeof setTimeout> | undefined;
    const source = new EventSource(livePath + queryString(wanted));
    source.addEventListener("open", () => {
      setBroken(false);
      // what came between the page's first look and this moment, or while the tail was cut
      if (pushes.current()) void queries.invalidateQueries({ queryKey: listKey });
    });
    source.addEventListener("error", () => setBroken(true));
    source.addEventListener("delivery", (event: MessageEvent<string>) => {
      const delivery = JSON.parse(event.data) as Delivery;
      const known = queries.getQueryData(listKey)?.items.some(({ id }) => id === delivery.id) ?? false;
      if (known || pushes.current()) queries.setQueryData(listKey, (page) => page && withRow(page, delivery, limit));
      else setUnseen((rows) => [delivery, ...rows.filter(({ id }) => id !== delivery.id)].slice(0, 1000));
      counting ??= setTimeout(() => {
        counting = undefined;
        void queries.invalidateQueries({ queryKey: countsQuery(wanted).queryKey });
      }, 1500);
    });
    return () => {
      clearTimeout(counting);
      setUnseen([]);
      source.close();
    };
  }, [key, limit, on, queries]);

  const showNew = useCallback(() => {
    setUnseen([]);
    void queries.invalidateQueries({ queryKey: logQuery(JSON.parse(key) as LogFilter, limit, undefined).queryKey });
  }, [key, limit, queries]);
  return { unseen: unseen.length, showNew, broken: on && broken };
}

type Page = { items: Delivery[]; next_cursor: string | null };

/** The page with this row in its place: by time-ordered id, newest first, never longer than the page. */
function withRow(page: Page, delivery: Delivery, limit: number): Page {
  const at = page.items.findIndex(({ id }) => id <= delivery.id);
  if (at >= 0 && page.items[at]?.id === delivery.id) return { ...page, items: page.items.with(at, delivery) };
  const items = page.items.toSpliced(at < 0 ? page.items.length : at, 0, delivery);
  return { ...page, items: items.slice(0, limit) };
}
