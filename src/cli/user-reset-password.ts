import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { inChange } from "../admin/change.ts";
import { resetPassword } from "../admin/update-user.ts";
import { StartRefused } from "../store/start-refused.ts";
import { findUserByEmail } from "../store/users.ts";
import { UsageProblem, type Command } from "./command.ts";
import { byCommand, inWords } from "./with-account.ts";
import { withStore } from "./with-store.ts";

export const command: Command = {
  summary: "Give a user a new password, and print it when none is given",
  usage: `user reset-password --email ADDRESS [--password-stdin]

  --email ADDRESS     the user's
  --password-stdin    the password, at least 12 characters, is read from standard input

The user is signed out everywhere, and a second factor is taken away.`,
  run: async (args, io) => {
    const { values } = parseArgs({
      args: [...args],
      options: { email: { type: "string" }, "password-stdin": { type: "boolean" } },
    });
    const email = values.email?.trim() ?? "";
    if (email === "") throw new UsageProblem("--email takes the user's address.");
    const given = values["password-stdin"] === true ? (await io.readInput()).replace(/\r?\n$/, "") : null;
    const password = given ?? randomBytes(15).toString("base64url");
    await withStore(io, async (store) => {
      const user = await findUserByEmail(store.database, email);
      if (user === null) throw new StartRefused(`Nobody signs in here as ${email}.`);
      const by = { ...store, accountId: user.accountId, actor: byCommand };
      await inWords(() => inChange(by, (change) => resetPassword(change, user.id, password)));
    });
    if (given === null) io.out(password);
    io.note(`${email} signs in with the new password from now on.`);
    return 0;
  },
};
