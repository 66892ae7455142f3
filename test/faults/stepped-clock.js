// Loaded into a process before its own code (NODE_OPTIONS=--import): its calendar clock is off by as many milliseconds as
// the file in STEPPED_CLOCK says, which is read again at each SIGUSR2. What counts durations (timers, performance.now) goes
// on evenly, as it does when a machine's clock is stepped. PostgreSQL keeps its own time, as on another machine.
import { readFileSync } from "node:fs";

const file = process.env["STEPPED_CLOCK"] ?? "";
const read = () => Number(readFileSync(file, "utf8"));
const Real = Date;
let shift = read();
process.on("SIGUSR2", () => {
  shift = read();
});

const now = () => Real.now() + shift;
globalThis.Date = new Proxy(Real, {
  apply: () => new Real(now()).toString(),
  construct: (target, args, wanted) => Reflect.construct(target, args.length === 0 ? [now()] : args, wanted),
  get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
});
const { Instant } = Temporal;
Object.defineProperty(Temporal.Now, "instant", { value: () => Instant.fromEpochMilliseconds(now()) });
Object.defineProperty(Temporal.Now, "zonedDateTimeISO", {
  value: (zone) => Instant.fromEpochMilliseconds(now()).toZonedDateTimeISO(zone ?? "UTC"),
});
