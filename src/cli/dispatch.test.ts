import { describe, expect, test } from "vitest";
import { UsageProblem, type Command } from "./command.ts";
import { dispatch } from "./dispatch.ts";
import { parseArgs } from "node:util";
import { StartRefused } from "../store/start-refused.ts";

const command = (run: Command["run"]): Command => ({ summary: "Do it", usage: "do it --now", run });
const commands = {
  ping: command((args, io) => {
    parseArgs({ args: [...args], options: { now: { type: "boolean" } } });
    io.out(`pong on ${io.config.port}`);
    return Promise.resolve(0);
  }),
  "token create": command((args, io) => {
    io.out(args.join(" "));
    return Promise.resolve(3);
  }),
  refuse: command(() => Promise.reject(new StartRefused("The disk is full."))),
  misuse: command(() => Promise.reject(new UsageProblem("Give it a --name."))),
  fail: command(() => Promise.reject(new Error("outer", { cause: new Error("inner") }))),
};

async function typed(line: string, environment: Record<string, string> = {}) {
  const said = { out: "", note: "" };
  const code = await dispatch(commands, line.split(" ").filter(Boolean), {
    environment,
    out: (text) => (said.out += text),
    note: (text) => (said.note += text),
    readInput: () => Promise.resolve(""),
  });
  return { code, ...said };
}

test("a verb gets the arguments after it, and its exit code is the command's", async () => {
  expect(await typed("token create --name x")).toEqual({ code: 3, out: "--name x", note: "" });
});

test("a verb gets the settings of the environment", async () => {
  expect(await typed("ping", { PORT: "81" })).toEqual({ code: 0, out: "pong on 81", note: "" });
});

describe("says what to do", () => {
  test.each([
    ["without a command, the list of them", "", 2, "note", "token create  Do it"],
    ["--help", "--help", 0, "out", "Usage: patchbay COMMAND"],
    ["help of one command", "ping --help", 0, "out", "Usage: patchbay do it --now"],
    [
      "an unknown command",
      "tokens create",
      2,
      "note",
      'There is no command "tokens create". Did you mean "token create"?',
    ],
    ["an inherited name is no command", "constructor", 2, "note", 'There is no command "constructor".'],
    ["an unknown option", "ping --later", 2, "note", "Unknown option '--later'"],
    ["a usage problem, with the usage", "misuse", 2, "note", "Give it a --name.\n\nUsage:"],
    ["a refusal, in its words alone", "refuse", 1, "note", "The disk is full."],
    ["a surprise, with its cause", "fail", 1, "note", "because of: Error: inner"],
  ] as const)("%s", async (_, line, code, stream, words) => {
    const result = await typed(line);
    expect(result.code).toBe(code);
    expect(result[stream]).toContain(words);
  });
});

test("bad settings are listed, all of them, and nothing runs", async () => {
  const { code, out, note } = await typed("ping", { PORT: "x", PATCHBAY_LOG_LEVEL: "loud" });
  expect({ code, out }).toEqual({ code: 1, out: "" });
  expect(note).toMatch(/\n {2}PORT must.*\n {2}PATCHBAY_LOG_LEVEL must/);
});
