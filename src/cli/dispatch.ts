import { readConfig } from "../config.ts";
import { StartRefused } from "../store/start-refused.ts";
import { UsageProblem, type Command, type CommandIo } from "./command.ts";

type World = Omit<CommandIo, "config">;

/** Finds the verb at the head of `args`, runs it and gives the exit code: 0, 1 (it failed), 2 (not understood). */
export async function dispatch(
  commands: Readonly<Record<string, Command>>,
  args: readonly string[],
  world: World,
): Promise<number> {
  const verb = [args.slice(0, 2).join(" "), args[0] ?? ""].find((name) => Object.hasOwn(commands, name));
  const command = verb === undefined ? undefined : commands[verb];
  const wantsHelp = args.some((arg) => arg === "--help" || arg === "-h");
  if (verb === undefined || command === undefined) {
    if (wantsHelp || args[0] === "help") {
      world.out(overview(commands));
      return 0;
    }
    const typed = args.join(" ");
    world.note(
      typed === ""
        ? overview(commands)
        : `There is no command "${typed}".${suggestion(commands, typed)}\n\n${overview(commands)}`,
    );
    return 2;
  }
  const help = `Usage: patchbay ${command.usage}\n\n${command.summary}.`;
  if (wantsHelp) {
    world.out(help);
    return 0;
  }
  const reading = readConfig(world.environment);
  if (!reading.ok) {
    world.note(["Patchbay can't start with these settings of its environment:", ...reading.problems].join("\n  "));
    return 1;
  }
  try {
    return await command.run(args.slice(verb.split(" ").length), { ...world, config: reading.config });
  } catch (error) {
    if (error instanceof UsageProblem || isParseArgsError(error)) {
      world.note(`${error.message}\n\n${help}`);
      return 2;
    }
    world.note(
      error instanceof StartRefused
        ? error.message
        : `patchbay ${verb} failed, by a fault of its own:\n${withCauses(error)}`,
    );
    return 1;
  }
}

function overview(commands: Readonly<Record<string, Command>>): string {
  const width = Math.max(...Object.keys(commands).map((verb) => verb.length));
  const lines = Object.entries(commands).map(([verb, { summary }]) => `  ${verb.padEnd(width)}  ${summary}`);
  return ["Usage: patchbay COMMAND …", "", ...lines, "", "patchbay COMMAND --help says more."].join("\n");
}

/** The commands that share the first word or its beginning, for one who mistyped. */
function suggestion(commands: Readonly<Record<string, Command>>, typed: string): string {
  const first = typed.split(" ", 1)[0] ?? "";
  const near = Object.keys(commands).filter((verb) => first.length > 1 && verb.startsWith(first.slice(0, 3)));
  return near.length === 0 ? "" : ` Did you mean ${near.map((verb) => `"${verb}"`).join(" or ")}?`;
}

function isParseArgsError(error: unknown): error is Error {
  return error instanceof Error && String((error as { code?: unknown }).code).startsWith("ERR_PARSE_ARGS");
}

function withCauses(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.stack ?? error.message;
  return error.cause === undefined ? own : `${own}\nbecause of: ${withCauses(error.cause)}`;
}
