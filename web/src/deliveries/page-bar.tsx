import { Button, Select } from "@mantine/core";
import { useState } from "react";
import { deliveryPageSizes } from "../../../src/contracts/delivery.ts";
import type { ChangeLogUrl, LogUrl } from "./filter.ts";

/** Sticks to the bottom edge: how many are shown, how many a page holds, newer and older. */
export function PageBar({
  url,
  change,
  count,
  next,
}: {
  url: LogUrl;
  change: ChangeLogUrl;
  count: number;
  next: string | null;
}) {
  // cursors only lead on to older rows; the way back is what was walked
  const [trail, setTrail] = useState<readonly (string | undefined)[]>([]);
  const older = () => {
    setTrail([...trail, url.cursor]);
    change({ cursor: next ?? undefined, open: undefined });
    scrollTo(0, 0);
  };
  const newer = () => {
    change({ cursor: trail.at(-1), open: undefined });
    setTrail(trail.slice(0, -1));
    scrollTo(0, 0);
  };
  const from = trail.length * url.limit + 1;
  return (
    <div className="bar pad pagebar">
      <span className="dim num">
        {url.cursor && trail.length === 0
          ? `${count} older`
          : `${from.toLocaleString("en")}–${(from + count - 1).toLocaleString("en")}`}
      </span>
      <span className="right">
        <span className="hide-m pagesize">
          <span className="dim" aria-hidden>
            Rows
          </span>
          <Select
            size="xs"
            w={84}
            data={deliveryPageSizes.map(String)}
            value={String(url.limit)}
            onChange={(limit) => change({ limit: limit === "50" ? undefined : limit, cursor: undefined })}
            aria-label="Rows per page"
          />
        </span>
        <Button size="xs" variant="default" disabled={!url.cursor} onClick={newer}>
          Newer
        </Button>
        <Button size="xs" variant="default" disabled={next === null} onClick={older}>
          Older
        </Button>
      </span>
    </div>
  );
}
