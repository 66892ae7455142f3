import { Button } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import type { ToReplay } from "../ui/replay-queries.ts";

/** Rows are chosen: how many, and what can be done with them. `all`: what matches the filter; null: tests only. */
export function ChosenBar({
  chosen,
  all,
  matching,
  ask,
  clear,
}: {
  chosen: ReadonlySet<string>;
  all: ToReplay | null;
  matching: string;
  ask: (which: ToReplay) => void;
  clear: () => void;
}) {
  return (
    <section className="chosenbar" aria-label="Chosen rows">
      <b className="num">{chosen.size.toLocaleString("en")} chosen</b>
      <Button size="xs" onClick={() => ask({ ids: [...chosen] })}>
        Retry…
      </Button>
      {all && (
        <button type="button" className="lnk" onClick={() => ask(all)}>
          Retry all {matching} that match…
        </button>
      )}
      <button type="button" className="iconbtn" aria-label="Choose none" onClick={clear}>
        <IconX size={16} aria-hidden />
      </button>
    </section>
  );
}
