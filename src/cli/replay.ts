import { parseArgs } from "node:util";
import { Outcome } from "../contracts/outcome.ts";
import type { ConnectId } from "../contracts/ids.ts";
import { fullestDisk, lowWords } from "../engine/room.ts";
import { startReplay } from "../engine/start-replay.ts";
import { accountScope, type AccountScope } from "../store/account-scope.ts";
import { listConnects } from "../store/connects.ts";
import { StartRefused } from "../store/start-refused.ts";
import { UsageProblem, type Command } from "./command.ts";
import { byCommand, withAccount } from "./with-account.ts";

export const command: Command = {
  summary: "Send deliveries of a connect again, by outcome and time",
  usage: `replay --connect NAME --outcome failed [--from TIME] [--to TIME] [--mapped-anew] [--per-second N] [--account NAME]

  --connect NAME      whose deliveries
  --outcome OUTCOME   which of them: ${Outcome.options.join(", ")}
  --from, --to TIME   made then or in between: 2026-11-24, in the account's time zone (--to includes that day), or an
                      instant such as 2026-11-24T09:14:00Z
  --mapped-anew       with what today's adaptor makes of them; else with the bytes of the first time
  --per-second N      no faster than that
  --account NAME      needed when there are several accounts

The running Patchbay sends them, or the next one that starts. Progress and Stop are on the page, above the logs.`,
  run: async (args, io) => {
    const { values } = parseArgs({
      args: [...args],
      options: {
        connect: { type: "string" },
        outcome: { type: "string" },
        from: { type: "string" },
        to: { type: "string" },
        "mapped-anew": { type: "boolean" },
        "per-second": { type: "string" },
        account: { type: "string" },
      },
    });
    const name = values.connect;
    if (name === undefined) throw new UsageProblem("Say whose deliveries: --connect NAME.");
    const outcome = Outcome.safeParse(values.outcome).data;
    if (outcome === undefined) throw new UsageProblem(`--outcome takes one of ${Outcome.options.join(", ")}.`);
    const how = {
      mode: values["mapped-anew"] === true ? ("mapped_anew" as const) : ("as_sent" as const),
      perSecond: values["per-second"] === undefined ? null : readPace(values["per-second"]),
      createdBy: byCommand.name,
    };
    return withAccount(io, values.account, async (store, { id, time_zone: zone }) => {
      const refusal = lowWords(await fullestDisk(store.onDisks ?? [], io.config.diskFreeMin));
      if (refusal !== null) throw new StartRefused(`${refusal}.`);
      const filter = {
        connect: await connectNamed(accountScope(store.database, id), name),
        outcome,
        ...(values.from === undefined ? {} : { from: readTime("--from", values.from, zone) }),
        ...(values.to === undefined ? {} : { to: readTime("--to", values.to, zone) }),
      };
      const started = await startReplay(store.database, id, { filter }, how);
      if (started === null) {
        io.note("Nothing matches, so nothing is sent.");
        return 0;
      }
      const { total, totalCapped } = started;
      io.out(
        `Replay ${started.id}: ${total.toLocaleString("en-US")}${totalCapped ? " or more" : ""} ${total === 1 ? "delivery goes" : "deliveries go"} out again.`,
      );
      return 0;
    });
  },
};

async function connectNamed(scope: AccountScope, name: string): Promise<ConnectId> {
  const connects = await listConnects(scope, 0, 10_000);
  const found = connects.find((connect) => connect.name === name);
  if (found !== undefined) return found.id;
  const names = connects.map((connect) => `  ${connect.name}`).join("\n");
  throw new StartRefused(
    `There is no connect named ${name}. ${names === "" ? "There is none at all." : `There are:\n${names}`}`,
  );
}

function readPace(text: string): number {
  const pace = Number(text);
  if (pace >= 0.01 && pace <= 5000) return pace;
  throw new UsageProblem("--per-second takes a number from 0.01 to 5000.");
}

/** An instant, or a day in the account's zone: `--from` means its beginning, `--to` its end. */
function readTime(option: "--from" | "--to", text: string, zone: string): string {
  try {
    if (text.includes("T")) return Temporal.Instant.from(text).toString();
    const day = Temporal.PlainDate.from(text);
    if (option === "--from") return day.toZonedDateTime(zone).toInstant().toString();
    return day.add({ days: 1 }).toZonedDateTime(zone).toInstant().subtract({ milliseconds: 1 }).toString();
  } catch {
    throw new UsageProblem(`${option} takes a day such as 2026-11-24, or an instant such as 2026-11-24T09:14:00Z.`);
  }
}
