import { Button } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconRefresh } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { csvPath } from "../../../src/contracts/endpoints/deliveries.ts";
import type { ReplayFilter } from "../../../src/contracts/replay.ts";
import type { MaskedFilter } from "../../../src/contracts/masked-filters.ts";
import { queryString } from "../api.ts";
import { Notice } from "../ui/atoms.tsx";
import { Fault } from "../ui/fault.tsx";
import { ReplayDrawer } from "../ui/replay-form.tsx";
import type { ToReplay } from "../ui/replay-queries.ts";
import { useMay, useSession } from "../ui/session.ts";
import { exactTime } from "../ui/time.tsx";
import { useUrlState } from "../ui/use-url-state.ts";
import { ChosenBar } from "./chosen-bar.tsx";
import "./logs.css";
import { FilterBar } from "./filter-bar.tsx";
import { filterOf, isFiltered, LogUrl, type LogFilter } from "./filter.ts";
import { LogList, LogTable } from "./log-rows.tsx";
import { NoRows } from "./no-rows.tsx";
import { OutcomeChips, useMatching } from "./outcome-chips.tsx";
import { PageBar } from "./page-bar.tsx";
import { logQuery } from "./queries.ts";
import { useRefusedFilters } from "./refused-filters.ts";
import { Replays } from "./replays.tsx";
import { useLive } from "./use-live.ts";
import { ViewDrawer } from "./view-drawer.tsx";

/** The logs of one connect, or of all: filters, outcome chips, rows, View. All of its state is in the address. */
export function LogsPanel({ connect }: { connect?: number }) {
  const [url, change] = useUrlState(LogUrl);
  const { time_zone: zone } = useSession().account;
  const refused = useRefusedFilters();
  // an address that somebody else sent may filter by what its reader sees masked
  const lifted = Object.keys(refused).find((name) => url[name as MaskedFilter] !== undefined) as
    | MaskedFilter
    | undefined;
  const filter = useMemo(() => filterOf(lifted ? { ...url, [lifted]: undefined } : url, zone, connect), [url, lifted, zone, connect]); // prettier-ignore
  const { data, error, refetch, dataUpdatedAt } = useQuery(logQuery(filter, url.limit, url.cursor));
  const narrow = useMediaQuery("(max-width: 48em)", false, { getInitialValueInEffect: false });
  const mayRetry = useMay("operator");
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const liveOn = url.live !== "off";
  const live = useLive(filter, url.limit, !url.cursor, () => liveOn && scrollY < 80 && chosen.size === 0);
  const matching = useMatching(url, filter);
  const [asking, setAsking] = useState<ToReplay | null>(null);
  const all = useMemo(() => allOf(filter), [filter]);

  const rows = data?.items;
  const view = useCallback((id: string) => change({ open: id }, { replace: false }), [change]);
  const choose = useCallback(
    (id: string, on: boolean) =>
      setChosen((old) => {
        const now = new Set(old);
        if (on) now.add(id);
        else now.delete(id);
        return now;
      }),
    [],
  );
  const chooseAll = (on: boolean) => setChosen(new Set(on ? rows?.map(({ id }) => id) : []));
  const shown = { rows, open: url.open, view, withConnect: connect === undefined };
  const offersRetry =
    mayRetry &&
    all !== null &&
    rows !== undefined &&
    rows.length > 0 &&
    (url.state === "held" || (url.outcome !== undefined && url.outcome !== "accepted"));
  return (
    <div className="logs">
      <Replays connect={connect} />
      <FilterBar url={url} change={change} csv={csvPath + queryString(filter)} />
      {lifted && (
        <div className="pad" style={{ paddingBottom: 10 }}>
          <Notice
            o="retrying"
            act={
              <Button size="xs" variant="default" onClick={() => change({ [lifted]: undefined, cursor: undefined })}>
                Leave it out
              </Button>
            }
          >
            This address filters by {lifted}. {refused[lifted]} What you see is not filtered by it.
          </Notice>
        </div>
      )}
      <div className="chiprow">
        <OutcomeChips url={url} filter={filter} change={change} />
        <span className="right">
          {(live.unseen > 0 || live.missed) && (
            <Button size="xs" variant="light" onClick={live.showNew}>
              {live.missed
                ? "Show what is new"
                : live.unseen === 1
                  ? "1 new delivery"
                  : `${live.unseen.toLocaleString("en")} new deliveries`}
            </Button>
          )}
          {offersRetry && (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconRefresh size={14} aria-hidden />}
              onClick={() => setAsking(all)}
            >
              Retry all {matching} {url.outcome ?? url.state}…
            </Button>
          )}
        </span>
      </div>
      <output className="dim pad livetrouble">{live.trouble}</output>
      {error && (
        <div className="pad">
          <Fault
            what={`The logs could not be read. Deliveries go on.${data ? ` What you see is from ${exactTime(new Date(dataUpdatedAt).toISOString())}.` : ""}`}
            error={error}
            again={() => void refetch()}
          />
        </div>
      )}
      {rows?.length === 0 ? (
        <NoRows
          filtered={isFiltered(url) || url.cursor !== undefined}
          url={url}
          change={change}
          all={connect === undefined}
        />
      ) : narrow ? (
        <LogList {...shown} />
      ) : (
        (rows ?? !error) && (
          <LogTable {...shown} chosen={chosen} choose={choose} chooseAll={chooseAll} mayRetry={mayRetry} />
        )
      )}
      {chosen.size > 0 && (
        <ChosenBar chosen={chosen} all={all} matching={matching} ask={setAsking} clear={() => setChosen(new Set())} />
      )}
      {rows && rows.length > 0 && (
        <PageBar url={url} change={change} count={rows.length} next={data?.next_cursor ?? null} />
      )}
      {asking && <ReplayDrawer which={asking} close={() => setAsking(null)} started={() => setChosen(new Set())} />}
      {url.open && <ViewDrawer id={url.open} rows={rows ?? []} change={change} />}
    </div>
  );
}

/** All that match; tests are never sent again, so that where only they are shown there is nothing. */
function allOf({ test, ...filter }: LogFilter): ToReplay | null {
  return test === "true" ? null : { filter: filter as ReplayFilter };
}
