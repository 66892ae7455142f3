import { pipeline, Readable } from "node:stream";
import { stringify } from "csv-stringify";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { z } from "zod";
import { type Delivery, DeliveryFilter } from "../../contracts/delivery.ts";
import { csvPath, livePath } from "../../contracts/endpoints/deliveries.ts";
import { limits } from "../../contracts/limits.ts";
import { ProblemError } from "../../core/problem-error.ts";
import type { Database } from "../../store/database.ts";
import { listDeliveries, type DeliverySelection } from "../../store/deliveries.ts";
import { mappingContext } from "../../store/mapping-context.ts";
import { stillMay } from "../../store/still-may.ts";
import { callerOf, type Caller } from "../caller.ts";
import { turnsForOthers } from "../in-turns.ts";
import type { LiveTail } from "../live-tail.ts";
import { logMasks } from "../log-masks.ts";
import { createPlaces } from "../places.ts";
import type { Access } from "../route.ts";
import { selectionFor } from "../selection-for.ts";
import { shownDelivery } from "../shown-delivery.ts";

type StreamDeps = { readonly database: Database; readonly live: LiveTail };

/** The two ways to read logs that are no JSON documents: CSV of any number of rows, and the live tail. */
export function registerDeliveryStreams(app: FastifyInstance, access: Access, { database, live }: StreamDeps): void {
  const schema = { querystring: DeliveryFilter, tags: ["deliveries"] };
  const onRequest = access.require("viewer");
  const exports = createPlaces("CSV exports", limits.exportsPerUserMax, limits.exportsPerAccountMax);
  // a HEAD of either would do all of the work for nothing
  const options = (summary: string, description: string) => ({
    onRequest,
    schema: { ...schema, summary, description },
    exposeHeadRoute: false,
  });
  const ofCsv = `Any number of rows. At most ${limits.exportsPerUserMax} at once a user and ${limits.exportsPerAccountMax} an account: else 429. Breaks off when the caller may not read it any more.`;
  app.get(csvPath, options("The logs as CSV", ofCsv), async (request, reply) => {
    const { caller, selection } = await asked(request);
    const giveBack = exports.take(caller);
    // whatever ends it: the last row, a fault, a reader who went away
    reply.raw.once("close", giveBack);
    const { timeZone } = await mappingContext(caller.scope);
    // a cell that begins like a formula gets an apostrophe: spreadsheets would run it
    const csv = stringify({ header: true, columns: [...csvColumns], escape_formulas: true, bom: true });
    pipeline(Readable.from(csvRows(database, caller, selection, timeZone)), csv, () => {});
    return reply
      .type("text/csv; charset=utf-8")
      .header("content-disposition", 'attachment; filename="deliveries.csv"')
      .header("cache-control", "no-store")
      .send(csv);
  });

  app.addHook("preClose", async () => live.stop());
  const ofLive = `Server-sent events: the data of each "delivery" is one as the list shows it. At most ${limits.streamsPerUserMax} at once a user and ${limits.streamsPerAccountMax} an account: else 429. Ends with the session or token that opened it, and after 10 minutes.`;
  app.get(livePath, options("Deliveries as they change", ofLive), async (request, reply) => {
    const { caller, selection } = await asked(request);
    await live.open(caller, selection, reply.raw);
    return reply.hijack();
  });
}

/** Who asks either of them for what. */
async function asked(
  request: FastifyRequest,
): Promise<{ readonly caller: Caller; readonly selection: DeliverySelection }> {
  const caller = callerOf(request);
  return { caller, selection: await selectionFor(caller, request.query as z.output<typeof DeliveryFilter>) };
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

/**
 * Page by page, newest first: memory stays small whatever the number, and the client's pace is the database's. Who may not
 * read it any more gets no further page: the file breaks off.
 */
async function* csvRows(
  database: Database,
  caller: Caller,
  selection: DeliverySelection,
  timeZone: string,
): AsyncGenerator<unknown[]> {
  const turn = turnsForOthers();
  for (let part = selection; ;) {
    const rows = await listDeliveries(caller.scope, part, csvPageRows);
    const maskOf = await logMasks(caller, rows);
    if (!(await stillMay(database, [caller])).has(caller)) throw new ProblemError("not_signed_in");
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
