import { Button } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { wordsOf } from "../api.ts";
import type { LogFilter } from "./filter.ts";
import { useRetryChosen, useRetryMatching } from "./retry.tsx";

/** Rows are chosen: how many, and what can be done with them. */
export function ChosenBar({
  chosen,
  filter,
  matching,
  clear,
}: {
  chosen: ReadonlySet<string>;
  filter: LogFilter;
  matching: string;
  clear: () => void;
}) {
  const retry = useRetryChosen(clear);
  const all = useRetryMatching(filter, matching);
  return (
    <section className="chosenbar" aria-label="Chosen rows">
      <b className="num">{chosen.size.toLocaleString("en")} chosen</b>
      <Button size="xs" loading={retry.isPending} onClick={() => retry.mutate([...chosen])}>
        Retry
      </Button>
      {filter.test === undefined && (
        <button type="button" className="lnk" onClick={all.ask}>
          Retry all {matching} that match…
        </button>
      )}
      {retry.error && <span style={{ color: "var(--pb-failed)" }}>{wordsOf(retry.error)}</span>}
      <button type="button" className="iconbtn" aria-label="Choose none" onClick={clear}>
        <IconX size={16} aria-hidden />
      </button>
    </section>
  );
}
