import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import type { FastifyInstance } from "fastify";
import pino from "pino";
import type { Config } from "./config.ts";
import { createActor } from "./engine/act-due.ts";
import { createEngine } from "./engine/engine.ts";
import { createIntake } from "./engine/intake.ts";
import { createMetrics } from "./engine/metrics.ts";
import { createOutages, quietly, withoutOutages, type Outages } from "./engine/outages.ts";
import { createTally, type TalliedAttempt } from "./engine/tally.ts";
import { createReplayer } from "./engine/replay.ts";
import { createRoom } from "./engine/room.ts";
import { registerHealth } from "./http/health.ts";
import { createHostCheck } from "./http/host-check.ts";
import { createLiveTail } from "./http/live-tail.ts";
import { registerMetrics } from "./http/metrics.ts";
import { registerOpenapi } from "./http/openapi.ts";
import { registerPage } from "./http/page.ts";
import { sendNotFound } from "./http/problems.ts";
import { registerApi, type ApiDeps } from "./http/register-api.ts";
import { createServer } from "./http/server.ts";
import { setupCode } from "./http/setup-code.ts";
import { createSignIn } from "./http/sign-in.ts";
import { registerV1 } from "./http/v1/register-v1.ts";
import { createAddressGuard } from "./outbound/address-guard.ts";
import { createMailer } from "./outbound/mail.ts";
import { readOutboundProxy, type OutboundProxy } from "./outbound/proxy-tunnel.ts";
import { createSender } from "./outbound/send.ts";
import { hasAccounts } from "./store/accounts.ts";
import { dropOldBreakerChanges } from "./store/breaker-changes.ts";
import { dropOldCalls } from "./store/call-logs.ts";
import { dropOldMinutes } from "./store/connect-minutes.ts";
import { dropExpiredEventKeys } from "./store/event-keys.ts";
import { dropStaleSignIns } from "./store/drop-stale-sign-ins.ts";
import { dropExpiredKeys } from "./store/idempotency-keys.ts";
import { loggableError } from "./store/loggable-error.ts";
import type { Store } from "./store/open-store.ts";
import { keepPartitions } from "./store/partitions.ts";
import { dropOldReplays } from "./store/replays.ts";
import { StartRefused } from "./store/start-refused.ts";
import { signInSecret } from "./store/sign-in-secret.ts";
import { tryRoom } from "./store/try-room.ts";

export type App = {
  /** `url`: where its page is; null: this process serves no API. `setupCode`: while nobody has set it up. */
  readonly start: () => Promise<{
    readonly url: string | null;
    readonly port: number;
    readonly setupCode: string | null;
  }>;
  /** Takes nothing new, ends what is under way or hands it back. */
  readonly stop: () => Promise<void>;
};

const pageFolder = fileURLToPath(new URL("../web/dist", import.meta.url));
/** Of the 25 s a stop may take, those for deliveries under way. */
const graceMs = 20_000;
const hourMs = 3_600_000;

/** The one place where parts are put together. */
export function createApp(config: Config, store: Store): App {
  const { database, queue, secretBox } = store;
  const hooks = withoutOutages(() => outages);
  const httpLog = pino(
    { level: config.logLevel, serializers: { err: loggableError }, hooks },
    pino.destination({ dest: 2, sync: false }),
  );
  const probes = { gone: async () => void (await database.query("select 1")), full: () => tryRoom(database) };
  const outages: Outages = createOutages({ log: httpLog, probes });
  const log = quietly(httpLog, outages);
  const room = createRoom({ folders: store.onDisks ?? [], min: config.diskFreeMin, outages, log });
  const guard = createAddressGuard(config.allowHosts);
  const sender = createSender({ guard, proxy: proxyOf(config) });
  const has = (role: Config["roles"][number]): boolean => config.roles.includes(role);
  const actor = createActor({ db: queue, mailer: createMailer({ guard }), secretBox, log });
  const tally = createTally(database, log);
  const metrics = createMetrics(database, [database, queue], room);
  const note = (attempt: TalliedAttempt): void => {
    tally.note(attempt);
    metrics.note(attempt);
  };
  const engine = createEngine({
    db: queue,
    sender,
    secretBox,
    log,
    worker: has("worker"),
    actor,
    note,
    onSettle: (size) => metrics.batch("settle", size),
  });
  const replayer = createReplayer({ db: database, engine, log, hasRoom: () => room.refusal() === null });
  let http: FastifyInstance | null = null;
  let hourly: NodeJS.Timeout | null = null;

  const keepHouse = (): void => {
    const rounds = {
      partitions: keepPartitions(database, config.retentionDays, Date.now()),
      "expired idempotency keys": dropExpiredKeys(database),
      "expired event ids": dropExpiredEventKeys(database),
      "old call logs": dropOldCalls(database, config.retentionDays),
      "old statistics": dropOldMinutes(database, config.retentionDays),
      "old changes of breakers": dropOldBreakerChanges(database, config.retentionDays),
      "old replays": dropOldReplays(database, config.retentionDays),
      "stale sign-ins": dropStaleSignIns(database),
    };
    for (const [what, done] of Object.entries<Promise<unknown>>(rounds))
      done.catch((error: unknown) => {
        log.warn({ err: error }, `${what} could not be looked after; it is tried again in an hour`);
      });
  };

  return {
    start: async () => {
      const secret = await signInSecret(database, secretBox);
      const code = has("api") && !(await hasAccounts(database)) ? setupCode(secret) : null;
      await room.start();
      http = await createServer({ trustProxy: config.trustProxy, log: httpLog, outages });
      registerHealth(http, database, room);
      registerMetrics(http, { db: database, metrics, checkHost: createHostCheck(config) });
      if (has("api"))
        await serveApi(http, config, store, { engine, replayer, room }, secret, (size) =>
          metrics.batch("accept", size),
        );
      else http.setNotFoundHandler(sendNotFound);
      await http.listen({ port: config.port, host: config.host });
      engine.start();
      if (has("worker")) replayer.start();
      if (has("scheduler")) {
        keepHouse();
        hourly = setInterval(keepHouse, hourMs);
        hourly.unref();
      }
      const { port } = http.server.address() as AddressInfo;
      const url = has("api") ? (config.publicUrl ?? localUrl(config.host, port)) : null;
      return { url, port, setupCode: code };
    },
    stop: async () => {
      if (hourly !== null) clearInterval(hourly);
      await Promise.all([http?.close(), replayer.stop(), engine.stop(graceMs)]);
      await tally.stop();
      metrics.stop();
      sender.close();
      room.stop();
      outages.stop();
      httpLog.flush();
    },
  };
}

async function serveApi(
  http: FastifyInstance,
  config: Config,
  { database, queue, secretBox }: Store,
  workers: Pick<ApiDeps, "engine" | "replayer" | "room">,
  secret: string,
  onAccept: (size: number) => void,
): Promise<void> {
  const { publicUrl } = config;
  const checkHost = createHostCheck(config);
  const signIn = createSignIn(database, { secret, baseUrl: publicUrl ?? `http://${config.host}:${config.port}` });
  await registerOpenapi(http, publicUrl, checkHost);
  const code = setupCode(secret);
  const live = createLiveTail({ database, queue, log: http.log });
  await registerApi(http, { database, secretBox, ...workers, signIn, live, setupCode: code, publicUrl, checkHost });
  const intake = createIntake(queue, workers.engine.handingOver, onAccept);
  await registerV1(http, { db: database, intake, room: workers.room });
  await registerPage(http, pageFolder, checkHost);
}

function localUrl(host: string, port: number): string {
  const name = host === "0.0.0.0" || host === "::" ? "localhost" : host.includes(":") ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

/** A proxy that was asked for is used, or nothing starts: calls never go out around it. */
function proxyOf({ outboundProxy }: Config): OutboundProxy | null {
  if (outboundProxy === null) return null;
  const proxy = readOutboundProxy(outboundProxy);
  if (proxy === null) throw new StartRefused("PATCHBAY_OUTBOUND_PROXY holds a user or password that can't be read.");
  return proxy;
}
