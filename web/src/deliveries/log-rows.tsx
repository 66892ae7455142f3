import { Checkbox } from "@mantine/core";
import { memo } from "react";
import type { Delivery } from "../../../src/contracts/delivery.ts";
import { TestTag, Unseen } from "../ui/atoms.tsx";
import { DeliveryOutcome, DeliveryResult, eventWords, standingOf, standingWord } from "../ui/delivery-standing.tsx";
import { LoadingRows } from "../ui/loading.tsx";
import { Glyph } from "../ui/outcome.tsx";
import { showPhone } from "../ui/phone.ts";
import { showDuration, Time } from "../ui/time.tsx";

type RowsProps = {
  rows: readonly Delivery[] | undefined;
  open: string | undefined;
  view: (id: string) => void;
  withConnect: boolean;
};
type Chooses = {
  chosen: ReadonlySet<string>;
  choose: (id: string, on: boolean) => void;
  chooseAll: (on: boolean) => void;
};

/** The end of a time-ordered id is what tells neighbours apart. */
export const shortId = (id: string): string => id.slice(-8);

/** The log as a table: dense, one line a delivery, the whole row opens View. */
export function LogTable({
  rows,
  open,
  view,
  withConnect,
  chosen,
  choose,
  chooseAll,
  mayRetry,
}: RowsProps & Chooses & { mayRetry: boolean }) {
  const some = rows !== undefined && rows.length > 0;
  const all = some && rows.every(({ id }) => chosen.has(id));
  return (
    <table className={withConnect ? "tbl logtable wide" : "tbl logtable"}>
      <caption className="sr">Deliveries, newest first</caption>
      <colgroup>
        {mayRetry && <col style={{ width: 58 }} />}
        <col style={{ width: mayRetry ? 86 : 106 }} />
        <col style={{ width: 104 }} />
        {withConnect && <col style={{ width: 132 }} />}
        <col style={{ width: 128 }} />
        <col style={{ width: 108 }} />
        <col style={{ width: 104 }} />
        <col style={{ width: 54 }} />
        <col className="opt" style={{ width: 78 }} />
        <col className="opt" style={{ width: 76 }} />
        <col />
        <col style={{ width: 74 }} />
      </colgroup>
      <thead>
        <tr>
          {mayRetry && (
            <th>
              <Checkbox
                aria-label="Choose all rows"
                disabled={!some}
                checked={all}
                indeterminate={!all && chosen.size > 0}
                onChange={(event) => chooseAll(event.currentTarget.checked)}
              />
            </th>
          )}
          <th>Id</th>
          <th>Date</th>
          {withConnect && <th>Connect</th>}
          <th>Primary Phone</th>
          <th>Event</th>
          <th>Outcome</th>
          <th>
            HTTP<Unseen> status</Unseen>
          </th>
          <th className="r opt">Duration</th>
          <th className="r opt">Attempts</th>
          <th className="resultcell">Result</th>
          <th>
            <Unseen>Action</Unseen>
          </th>
        </tr>
      </thead>
      {rows ? (
        <tbody>
          {rows.map((row) => (
            <LogRow
              key={row.id}
              row={row}
              isOpen={row.id === open}
              view={view}
              withConnect={withConnect}
              isChosen={chosen.has(row.id)}
              choose={choose}
              mayRetry={mayRetry}
            />
          ))}
        </tbody>
      ) : (
        <LoadingRows columns={10} />
      )}
    </table>
  );
}

// memoised: a page may hold a thousand rows, and the live tail changes one at a time
const LogRow = memo(function LogRow({
  row,
  isOpen,
  view,
  withConnect,
  isChosen,
  choose,
  mayRetry,
}: {
  row: Delivery;
  isOpen: boolean;
  view: (id: string) => void;
  withConnect: boolean;
  isChosen: boolean;
  choose: (id: string, on: boolean) => void;
  mayRetry: boolean;
}) {
  const bad = row.http_status !== null && row.http_status >= 400;
  return (
    // the keyboard has the View button at the row's end
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions
    <tr aria-selected={isOpen} onClick={() => view(row.id)} className="openable">
      {mayRetry && (
        // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions
        <td onClick={(event) => event.stopPropagation()}>
          <Checkbox
            aria-label={`Choose ${shortId(row.id)}`}
            checked={isChosen}
            onChange={(event) => choose(row.id, event.currentTarget.checked)}
          />
        </td>
      )}
      <td className="dim" title={row.id}>
        {shortId(row.id)}
      </td>
      <td>
        <Time at={row.created_at} />
      </td>
      {withConnect && <td className="t2">{row.connect.name}</td>}
      <td>{showPhone(row.phone_number)}</td>
      <td className="t2">{row.test ? <TestTag /> : eventWords(row.event)}</td>
      <td>
        <DeliveryOutcome delivery={row} />
      </td>
      <td
        style={bad ? { color: `var(--pb-${badColour(row)})`, fontWeight: 550 } : undefined}
        className={row.http_status ? "" : "dim"}
      >
        {row.http_status ?? "–"}
      </td>
      <td className="r t2 opt">{row.duration_ms === null ? "–" : showDuration(row.duration_ms)}</td>
      <td className="r t2 opt">{row.attempts}</td>
      <td className="resultcell">
        <DeliveryResult delivery={row} />
      </td>
      <td className="r">
        <button
          type="button"
          className="lnk"
          aria-label={`View ${shortId(row.id)}`}
          onClick={(event) => {
            event.stopPropagation();
            view(row.id);
          }}
        >
          View
        </button>
      </td>
    </tr>
  );
});

function badColour(row: Delivery): string {
  const o = standingOf(row);
  return o === "held" || o === "accepted" ? "failed" : o;
}

/** The log on a narrow page: two lines a delivery. */
export function LogList({ rows, view, withConnect }: RowsProps) {
  if (!rows) return null;
  return (
    <ul className="plainlist">
      {rows.map((row) => (
        <li key={row.id}>
          <button type="button" className="mrow" onClick={() => view(row.id)}>
            <span style={{ paddingTop: 3 }}>
              <Glyph o={standingOf(row)} size={16} />
              <Unseen>{standingWord(row)}</Unseen>
            </span>
            <span className="trunc">
              <DeliveryResult delivery={row} />
            </span>
            <span className="dim num" style={{ fontSize: 13 }}>
              <Time at={row.created_at} />
            </span>
            <span />
            <span className="dim trunc num" style={{ fontSize: 13 }}>
              {showPhone(row.phone_number)} · {row.test ? "Test" : eventWords(row.event)}
              {withConnect && ` · ${row.connect.name}`}
            </span>
            <span className="dim num" style={{ fontSize: 13 }}>
              {row.http_status === null
                ? row.attempts > 0
                  ? "No answer"
                  : "Not sent yet"
                : `${row.http_status}${row.duration_ms === null ? "" : ` · ${showDuration(row.duration_ms)}`}`}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
