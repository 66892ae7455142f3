import { parseArgs } from "node:util";
import { inChange } from "../admin/change.ts";
import { createToken } from "../admin/create-token.ts";
import { accessEndpoints, accessSections, laterSections } from "../contracts/endpoints/access.ts";
import { UsageProblem, type Command } from "./command.ts";
import { byCommand, withAccount } from "./with-account.ts";

const known: readonly string[] = [...accessSections, ...accessEndpoints, ...laterSections];

export const command: Command = {
  summary: "Make an API token, and print it alone on standard output",
  usage: `token create --name NAME --sections leads,admin [--rate 50/s] [--expires DAYS] [--account NAME]

  --name NAME         what the token is for
  --sections LIST     what it may do: ${known.join(", ")}
  --rate N/s          how many requests a second it may make; else as many as it likes
  --expires DAYS      after so many days it works no more; else it works until it is revoked
  --account NAME      needed when there are several accounts`,
  run: async (args, io) => {
    const { values } = parseArgs({
      args: [...args],
      options: {
        name: { type: "string" },
        sections: { type: "string" },
        rate: { type: "string" },
        expires: { type: "string" },
        account: { type: "string" },
      },
    });
    const name = values.name?.trim() ?? "";
    if (name === "" || name.length > 100) throw new UsageProblem("--name takes a name, 100 characters at most.");
    const token = {
      name,
      access: readSections(values.sections),
      ratePerSecond: values.rate === undefined ? null : readRate(values.rate),
      expiresAt: values.expires === undefined ? null : readExpiry(values.expires),
    };
    const made = await withAccount(io, values.account, (store, { id }) =>
      inChange({ ...store, accountId: id, actor: byCommand }, (change) => createToken(change, token)),
    );
    io.out(made.secret);
    return 0;
  },
};

function readSections(text: string | undefined): string[] {
  const sections = (text ?? "").split(",").flatMap((part) => part.trim() || []);
  const unknown = sections.find((section) => !known.includes(section));
  if (unknown !== undefined) throw new UsageProblem(`There is no section ${unknown}. There are: ${known.join(", ")}.`);
  if (sections.length === 0) throw new UsageProblem(`--sections takes one or more of ${known.join(", ")}.`);
  return [...new Set(sections)];
}

function readRate(text: string): number {
  const rate = Number(/^(\d{1,6})(\/s)?$/.exec(text.trim())?.[1]);
  if (rate >= 1 && rate <= 100_000) return rate;
  throw new UsageProblem("--rate takes requests a second, such as 50/s.");
}

function readExpiry(text: string): string {
  const days = Number(/^(\d{1,5})d?$/.exec(text.trim())?.[1]);
  if (days >= 1) return new Date(Date.now() + days * 86_400_000).toISOString();
  throw new UsageProblem("--expires takes a number of days, such as 90.");
}
