import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { EmptyState } from "../ui/empty-state.tsx";

export type LogProps = {
  readonly filtered: boolean;
  /** Takes every filter off. */
  readonly lift: () => void;
  readonly older: (cursor: string) => void;
  /** Back to the newest; null: they are what is shown. */
  readonly newest: (() => void) | null;
};

export function NoLogRows({ filtered, lift, what, children }: LogProps & { what: string; children: ReactNode }) {
  if (filtered)
    return (
      <div className="nomatch">
        <b>No {what} matches</b>
        <Button size="xs" variant="default" onClick={lift}>
          Clear all filters
        </Button>
      </div>
    );
  return (
    <EmptyState title={`No ${what} yet`} picture={false}>
      {children}
    </EmptyState>
  );
}

/** Sticks to the bottom edge; nothing when all rows are there. */
export function OlderBar({ older, newest, count, next }: LogProps & { count: number; next: string | null }) {
  if (next === null && newest === null) return null;
  return (
    <div className="bar pad pagebar">
      <span className="dim num">{count.toLocaleString("en")} shown</span>
      <span className="right">
        <Button size="xs" variant="default" disabled={newest === null} onClick={() => newest?.()}>
          Newest
        </Button>
        <Button size="xs" variant="default" disabled={next === null} onClick={() => next !== null && older(next)}>
          Older
        </Button>
      </span>
    </div>
  );
}
