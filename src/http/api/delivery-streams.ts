import { Readable } from "node:stream";
import { stringify } from "csv-stringify";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";
import { type Delivery, DeliveryFilter } from "../../contracts/delivery.ts";
import { csvPath, livePath } from "../../contracts/endpoints/deliveries.ts";
import { listDeliveries, type DeliverySelection } from "../../store/deliveries.ts";
import { isDatabaseGone } from "../../store/is-database-gone.ts";
import { mappingContext } from "../../store/mapping-context.ts";
import { callerOf, type Caller } from "../caller.ts";
import { createTurns } from "../in-turns.ts";
import { logMasks } from "../log-masks.ts";
import type { Access } from "../route.ts";
import { selectionFor } from "../selection-for.ts";
import { shownDelivery } from "../shown-delivery.ts";

/** The two ways to read logs that are no JSON documents: CSV of any number of rows, and the live tail. */
export function registerDeliveryStreams(app: FastifyInstance, access: Access): void {
  const schema = { querystring: DeliveryFilter, tags: ["deliveries"] };
  const onRequest = access.require("viewer");
  app.get(csvPath, { onRequest, schema: { ...schema, summary: "The logs as CSV" } }, async (request, reply) => {
    const caller = callerOf(request);
    const selection = await selectionFor(caller, request.query as z.output<typeof DeliveryFilter>);
    const { timeZone } = await mappingContext(caller.scope);
    const rows = Readable.from(csvRows(caller, selection, timeZone));
    // a cell that begins like a formula gets an apostrophe: spreadsheets would run it
    const csv = stringify({ header: true, columns: [...csvColumns], escape_formulas: true, bom: true });
    rows.on("error", (error) => csv.destroy(error));
    return reply
      .type("text/csv; charset=utf-8")
      .header("content-disposition", 'attachment; filename="deliveries.csv"')
      .header("cache-control", "no-store")
      .send(rows.pipe(csv));
  });

  const open = new Set<() => void>();
  app.addHook("preClose", () => {
    for (const end of open) end();
  });
  app.get(
    livePath,
    { onRequest, schema: { ...schema, summary: "Deliveries as they change" } },
    async (request, reply) => {
      const selection = await selectionFor(callerOf(request), request.query as z.output<typeof DeliveryFilter>);
      liveTail(request, reply, selection, open);
      return reply;
    },
  );
}

const csvColumns = [
  "Id",
  "Date",
  "Connect",
  "Lead ID",
  "Primary Phone",
  "Event",
  "State",
  "Outcome",
  "HTTP status",
  "Duration (ms)",
  "Attempts",
  "Result",
  "Diagnosis",
  "Test",
  "Remark",
] as const;
const csvPageRows = 1_000;

/** Page by page, newest first: memory stays small whatever the number, and the client's pace is the database's. */
async function* csvRows(caller: Caller, selection: DeliverySelection, timeZone: string): AsyncGenerator<unknown[]> {
  const turn = createTurns();
  for (let part = selection; ;) {
    const rows = await listDeliveries(caller.scope, part, csvPageRows);
    const maskOf = await logMasks(caller, rows);
    for (const row of rows) {
      await turn();
      yield csvRow(shownDelivery(row, maskOf(row)), timeZone);
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < csvPageRows) return;
    part = { ...selection, idBefore: last.id };
  }
}

function csvRow(delivery: Delivery, timeZone: string): unknown[] {
  return [
    delivery.id,
    Temporal.Instant.from(delivery.created_at)
      .toZonedDateTimeISO(timeZone)
      .toString({ fractionalSecondDigits: 3, timeZoneName: "never" }),
    delivery.connect.name,
    delivery.lead_id ?? "",
    delivery.phone_number,
    delivery.event,
    delivery.state,
    delivery.outcome ?? "",
    delivery.http_status ?? "",
    delivery.duration_ms ?? "",
    delivery.attempts,
    delivery.result ?? "null",
    delivery.diagnosis === null ? "" : `${delivery.diagnosis.code}: ${delivery.diagnosis.message}`,
    delivery.test ? "test" : "live",
    delivery.remark?.replaceAll("_", " ") ?? "",
  ];
}

const pollMs = 1_000;
const heartbeatMs = 15_000;
/** A stream ends by itself and is opened anew by the browser, which shows again who it is. */
const streamMs = 10 * 60_000;
/** How far back changes are noticed. */
const tailRows = 200;

/** Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html): one `delivery` for each row of the newest that is new or changed. */
function liveTail(
  request: FastifyRequest,
  reply: FastifyReply,
  selection: DeliverySelection,
  open: Set<() => void>,
): void {
  const caller = callerOf(request);
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
  });
  raw.write("retry: 2000\n\n");

  const endsAt = Date.now() + streamMs;
  let seen: ReadonlyMap<string, string> | null = null;
  let lastWriteAt = Date.now();
  let timer: NodeJS.Timeout | undefined;
  const end = (): void => {
    clearTimeout(timer);
    open.delete(end);
    raw.end();
  };
  open.add(end);
  raw.on("close", end).on("error", end);

  const poll = async (): Promise<void> => {
    try {
      const rows = await listDeliveries(caller.scope, selection, tailRows);
      const changed = rows.filter((row) => seen !== null && seen.get(row.id) !== JSON.stringify(row)).toReversed();
      // from here on changes are told
      if (seen === null) raw.write(": watching\n\n");
      seen = new Map(rows.map((row) => [row.id, JSON.stringify(row)]));
      const maskOf = changed.length === 0 ? null : await logMasks(caller, changed);
      for (const row of changed)
        raw.write(`event: delivery\ndata: ${JSON.stringify(shownDelivery(row, maskOf?.(row) ?? null))}\n\n`);
      if (changed.length > 0) lastWriteAt = Date.now();
    } catch (error) {
      // the stream waits for the database like everything else
      if (!isDatabaseGone(error)) request.log.error({ err: error }, "the live tail could not be read");
    }
    if (Date.now() - lastWriteAt > heartbeatMs) {
      raw.write(": still here\n\n");
      lastWriteAt = Date.now();
    }
    // a reader who does not keep up is cut off
    if (Date.now() > endsAt || raw.writableLength > 1_048_576) end();
    if (open.has(end)) timer = setTimeout(() => void poll(), pollMs);
  };
  void poll();
}
