// The process that `npm start` starts: it runs the server as its child, and starts it again when it ends. It holds as little
// memory as a Node can. Plain JavaScript, so that any Node can read it.
import { spawn } from "node:child_process";
import { constants } from "node:os";

/** In the child's environment: it has a parent already. */
export const supervisorVariable = "PATCHBAY_SUPERVISOR";

/** From the first signal to the end, whatever the child does; its own limit is a second shorter. */
const stopMs = 25_000;
/** Before the first, second, … start that follows a crash; the last stands for all further ones. */
const pausesMs = [0, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000];
/** Whoever ran so long before it crashed ran well: the pauses begin again. */
const ranWellMs = 60_000;
/** Ctrl-C under npm arrives twice, from the terminal and from npm: a second signal counts after that. */
const sameSignalMs = 1_000;
const stopSignals = ["SIGINT", "SIGTERM", "SIGHUP"];
/** With which the server ends when an exception reaches nobody (src/start.ts). */
const faultCode = 70;

/** Runs this command on that Node, passes signals on to it, and ends as it ended. */
export async function runOnce(node) {
  const child = startChild(node, process.argv.slice(1), {});
  for (const name of stopSignals) process.on(name, () => child.kill(name));
  endAs(await endOf(child));
}

/**
 * Runs the server on that Node, starts it again when it crashes, and ends as it ended at last. The embedded database lives on
 * meanwhile: it is a process of its own, which the next server finds. A start that is refused is not tried again, unless
 * the server has run already.
 *
 * The child says `{ ready: port }` when it serves, and `{ stopping: true }` when somebody told the child itself to stop.
 * It learns by the channel's end that this process was killed, and stops.
 */
export async function supervise(node) {
  const stop = listenForStop();
  const environment = {};
  let hasBeenReady = false;
  let crashes = 0;
  for (;;) {
    const startedAt = Date.now();
    const child = startChild(node, process.argv.slice(1), environment);
    let isStopping = false;
    child.on("message", ({ ready, stopping }) => {
      if (stopping) isStopping = true;
      if (ready === undefined) return;
      hasBeenReady = true;
      environment.PORT = String(ready); // with PORT=0 the next one listens where people know it
    });
    stop.passTo(child);
    const end = await endOf(child);
    stop.passTo(null);
    const isOrderly = end.signal === null && end.code <= 2;
    if (stop.isAsked() && !isOrderly) await stopDatabase(node);
    if (stop.isAsked() || isStopping || stopSignals.includes(end.signal) || end.code === 0) return endAs(end);
    if (isOrderly && !hasBeenReady) return endAs(end); // it said why it does not start
    if (Date.now() - startedAt >= ranWellMs) crashes = 0;
    const pauseMs = pausesMs[Math.min(crashes++, pausesMs.length - 1)];
    const when = pauseMs === 0 ? "at once" : `in ${pauseMs / 1_000} s`;
    say(`Patchbay ended ${howItEnded(end)}; starting again ${when}.`);
    await stop.orAfter(pauseMs);
    if (!stop.isAsked()) continue;
    await stopDatabase(node);
    process.exit(0);
  }
}

function startChild(node, args, environment) {
  // flags of this Node are meant for the server; another Node may not know them
  const flags = node === process.execPath ? process.execArgv : [];
  return spawn(node, [...flags, ...args], {
    // the channel closes when this process is killed
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: { ...process.env, ...environment, [supervisorVariable]: String(process.pid) },
  });
}

/** How it ended: `{ code, signal }`, one of them null. */
function endOf(child) {
  return new Promise((resolve) => {
    child.on("error", (error) => {
      if (child.pid !== undefined) return; // a signal or message that came too late
      say(`Node (${child.spawnfile}) doesn't start: ${error.message}. Run npm ci again.`);
      resolve({ code: 1, signal: null });
    });
    child.on("close", (code, signal) => resolve({ code, signal }));
  });
}

function endAs({ code, signal }) {
  if (signal === null) process.exit(code);
  for (const name of stopSignals) process.removeAllListeners(name);
  process.kill(process.pid, signal);
  setTimeout(() => process.exit(1), 1_000); // where a signal ends nothing
}

/** Passes signals on to the child there is, and sees that the end comes in time. */
function listenForStop() {
  let child = null;
  let askedAt = null;
  let hear;
  const asked = new Promise((resolve) => {
    hear = resolve;
  });
  const endNow = () => {
    child?.kill("SIGKILL");
    process.exit(1);
  };
  const onSignal = (name) => {
    if (askedAt === null) {
      askedAt = Date.now();
      setTimeout(() => {
        say("Patchbay did not stop within 25 s and was ended; what is unfinished is taken up at the next start.");
        endNow();
      }, stopMs).unref();
      child?.kill(name);
      hear();
    } else if (Date.now() - askedAt > sameSignalMs) {
      endNow();
    }
  };
  for (const name of stopSignals) process.on(name, () => onSignal(name));
  // for what is loaded into the server besides, such as --heapsnapshot-signal
  process.on("SIGUSR2", () => child?.kill("SIGUSR2"));
  return {
    isAsked: () => askedAt !== null,
    passTo: (next) => {
      child = next;
      if (askedAt !== null) child?.kill("SIGTERM");
    },
    orAfter: (ms) => Promise.race([asked, new Promise((resolve) => setTimeout(resolve, ms))]),
  };
}

/** A server that crashed left its database running, and none comes that would stop it. */
async function stopDatabase(node) {
  await endOf(startChild(node, [process.argv[1], "stop-database"], {}));
}

function howItEnded({ code, signal }) {
  // a shell in between tells a signal by the code
  const name = signal ?? Object.keys(constants.signals).find((one) => constants.signals[one] === code - 128);
  const why = {
    SIGKILL: "kill -9, or the machine is out of memory",
    SIGABRT: "most often out of memory; the lines above tell",
    SIGSEGV: "a fault in Node itself",
    SIGBUS: "a fault in Node itself",
  }[name];
  const hint = why ?? (code === faultCode ? "a fault of its own; the line above tells" : null);
  const how = signal === null ? `with exit code ${code}` : `with signal ${signal}`;
  return hint === null || hint === undefined ? how : `${how} (${hint})`;
}

function say(line) {
  process.stderr.write(`${line}\n`);
}

// whoever reads what is printed may leave first: that ends nothing
process.stderr.on("error", () => {});
