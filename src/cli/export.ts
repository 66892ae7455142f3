import { parseArgs } from "node:util";
import { exportConfig } from "../admin/export-config.ts";
import { accountScope } from "../store/account-scope.ts";
import type { Command } from "./command.ts";
import { withAccount } from "./with-account.ts";

export const command: Command = {
  summary: "Print an account's configuration as YAML, free of secrets",
  usage: `export [--account NAME]

Secrets are written as { env: NAME }; patchbay import reads them from its own environment.`,
  run: async (args, io) => {
    const { values } = parseArgs({ args: [...args], options: { account: { type: "string" } } });
    const yaml = await withAccount(io, values.account, (store, { id }) =>
      exportConfig(accountScope(store.database, id)),
    );
    io.out(yaml.replace(/\n$/, ""));
    return 0;
  },
};
