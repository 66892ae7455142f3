import { parseArgs } from "node:util";

type Defaults = Readonly<Record<string, number | string>>;
type Flags<D extends Defaults> = { readonly [Name in keyof D]: D[Name] extends number ? number : string };

/** What the command line says over the defaults: `--rounds 7 --seconds 20`. A name that is not known ends it in words. */
export function flags<const D extends Defaults>(defaults: D): Flags<D> {
  const options = Object.fromEntries(Object.keys(defaults).map((name) => [name, { type: "string" as const }]));
  const { values } = parseArgs({ options });
  const read = Object.entries(defaults).map(([name, usual]) => {
    const given = values[name];
    if (given === undefined || typeof usual === "string") return [name, given ?? usual];
    if (!/^\d+(\.\d+)?$/.test(given)) throw new Error(`--${name} takes a number, not ${given}`);
    return [name, Number(given)];
  });
  return Object.fromEntries(read) as Flags<D>;
}
