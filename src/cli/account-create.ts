import { parseArgs } from "node:util";
import { z } from "zod";
import { createAccount } from "../admin/create-account.ts";
import { UsageProblem, type Command } from "./command.ts";
import { byCommand, inWords } from "./with-account.ts";
import { withStore } from "./with-store.ts";

export const command: Command = {
  summary: "Make an account and its first admin",
  usage: `account create --name NAME --admin-email ADDRESS --admin-password-stdin

  --name NAME               of the account
  --admin-email ADDRESS     what the admin signs in with
  --admin-password-stdin    the password, at least 12 characters, is read from standard input
  --admin-name NAME         the admin's own name; else what stands before the @
  --time-zone ZONE          such as America/Los_Angeles; else UTC`,
  run: async (args, io) => {
    const { values } = parseArgs({
      args: [...args],
      options: {
        name: { type: "string" },
        "admin-email": { type: "string" },
        "admin-password-stdin": { type: "boolean" },
        "admin-name": { type: "string" },
        "time-zone": { type: "string" },
      },
    });
    const name = values.name?.trim() ?? "";
    const email = values["admin-email"]?.trim() ?? "";
    if (name === "" || name.length > 100)
      throw new UsageProblem("--name takes the account's name, 100 characters at most.");
    if (!z.email().safeParse(email).success) throw new UsageProblem("--admin-email takes an e-mail address.");
    if (values["admin-password-stdin"] !== true)
      throw new UsageProblem("Say --admin-password-stdin and give the password on standard input.");
    const password = (await io.readInput()).replace(/\r?\n$/, "");
    const admin = { name: values["admin-name"]?.trim() || email.split("@", 1)[0]!, email, password };
    const account = { name, timeZone: values["time-zone"] ?? "UTC", admin };
    await withStore(io, (store) =>
      inWords(() => createAccount(store, account, { actor: byCommand, onlyFirst: false })),
    );
    io.out(`Made the account ${name}. ${email} signs in as its admin.`);
    if (values["time-zone"] === undefined)
      io.note("Its time zone is UTC, as none was named. Settings, Account changes it.");
    return 0;
  },
};
