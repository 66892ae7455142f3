import { useDocumentVisibility } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import type { Delivery } from "../../../src/contracts/delivery.ts";
import { livePath } from "../../../src/contracts/endpoints/deliveries.ts";
import { queryString } from "../api.ts";
import { sessionKey } from "../ui/session.ts";
import { countsQuery, logQuery } from "./queries.ts";
import type { LogFilter } from "./filter.ts";
import { keepTail } from "./live-events.ts";

/**
 * The live tail. A row that is on the page changes in its place; a new one comes in at the top when `push` says that
 * nothing would jump under the reader, and is counted otherwise, until `showNew` brings it in. It is let go where nobody
 * looks: a browser has few connections for all of its tabs, and a user a number of tails.
 */
export function useLive(filter: LogFilter, limit: number, on: boolean, push: () => boolean) {
  const queries = useQueryClient();
  const [unseen, setUnseen] = useState<readonly Delivery[]>([]);
  /** Something may have come while it was cut. */
  const [missed, setMissed] = useState(false);
  /** Why it is not there, in words. */
  const [trouble, setTrouble] = useState<string | null>(null);
  const key = JSON.stringify(filter);
  const pushes = useRef(push);
  useEffect(() => {
    pushes.current = push;
  });
  /** The list that a tail was opened for last. */
  const openedFor = useRef("");
  const looks = useLooks();
  const runs = on && looks;

  useEffect(() => {
    if (!runs) return undefined;
    const wanted = JSON.parse(key) as LogFilter;
    const listKey = logQuery(wanted, limit, undefined).queryKey;
    const stop = new AbortController();
    let counting: ReturnType<typeof setTimeout> | undefined;
    const opened = () => {
      setTrouble(null);
      // what came between the page's first look and this moment, or while the tail was cut
      const isBack = openedFor.current === JSON.stringify(listKey);
      openedFor.current = JSON.stringify(listKey);
      if (pushes.current()) void queries.invalidateQueries({ queryKey: listKey });
      else if (isBack) setMissed(true);
    };
    const told = (data: string) => {
      const delivery = JSON.parse(data) as Delivery;
      const page = queries.getQueryData(listKey);
      const known = page?.items.some(({ id }) => id === delivery.id) ?? false;
      const isNew = !known && !(page && isBelow(page, delivery));
      if (known || (isNew && pushes.current()))
        queries.setQueryData(listKey, (old) => old && withRow(old, delivery, limit));
      else if (isNew) setUnseen((rows) => [delivery, ...rows.filter(({ id }) => id !== delivery.id)].slice(0, 1000));
      counting ??= setTimeout(() => {
        counting = undefined;
        void queries.invalidateQueries({ queryKey: countsQuery(wanted).queryKey });
      }, 1500);
    };
    void keepTail(livePath + queryString(wanted), stop.signal, { opened, told }, (words, problem) => {
      setTrouble(words);
      // signed out elsewhere: the shell's next look at the session leads to the sign-in page
      if (problem?.code === "not_signed_in") void queries.invalidateQueries({ queryKey: sessionKey });
    });
    return () => {
      stop.abort();
      clearTimeout(counting);
      setUnseen([]);
      setMissed(false);
      setTrouble(null);
    };
  }, [key, limit, runs, queries]);

  const showNew = useCallback(() => {
    setUnseen([]);
    setMissed(false);
    void queries.invalidateQueries({ queryKey: logQuery(JSON.parse(key) as LogFilter, limit, undefined).queryKey });
  }, [key, limit, queries]);
  return { unseen: unseen.length, missed, showNew, trouble };
}

/** Whether somebody looks at this page, or did within the last minute. */
function useLooks(): boolean {
  const visible = useDocumentVisibility() === "visible";
  const [looks, setLooks] = useState(true);
  useEffect(() => {
    const timer = setTimeout(() => setLooks(visible), visible ? 0 : 60_000);
    return () => clearTimeout(timer);
  }, [visible]);
  return looks;
}

/** An older one than those of a page that goes on. */
function isBelow({ items, next_cursor }: Page, { id }: Delivery): boolean {
  const last = items.at(-1);
  return next_cursor !== null && last !== undefined && id < last.id;
}

type Page = { items: Delivery[]; next_cursor: string | null };

/** The page with this row in its place: by time-ordered id, newest first, never longer than the page. */
function withRow(page: Page, delivery: Delivery, limit: number): Page {
  const at = page.items.findIndex(({ id }) => id <= delivery.id);
  if (at >= 0 && page.items[at]?.id === delivery.id) return { ...page, items: page.items.with(at, delivery) };
  const items = page.items.toSpliced(at < 0 ? page.items.length : at, 0, delivery);
  return { ...page, items: items.slice(0, limit) };
}
