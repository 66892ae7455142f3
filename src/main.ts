import { commands } from "./cli/index.ts";
import { dispatch } from "./cli/dispatch.ts";
import { command as start } from "./start.ts";

/** The patchbay command. Ends the process with the command's exit code. */
export async function main(args: readonly string[]): Promise<void> {
  // whoever reads what is printed may leave first (a pipe, a closed terminal): that ends nothing
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  const code = await dispatch({ start, ...commands }, args, {
    environment: process.env,
    out: (line) => process.stdout.write(`${line}\n`),
    note: (line) => process.stderr.write(`${line}\n`),
    readInput: async () => {
      let text = "";
      for await (const piece of process.stdin.setEncoding("utf8")) text += String(piece);
      return text;
    },
  });
  // what was printed must be out before the end, also into a pipe
  process.exitCode = code;
  await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write("", done))));
  process.exit();
}
