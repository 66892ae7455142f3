import type { z } from "zod";
import { namePlaces } from "../core/name-places.ts";
import { ProblemError } from "../core/problem-error.ts";
import { unstorablePlaces } from "../store/unstorable-places.ts";
import { inChange, type Change, type ChangeBy, type Saved } from "./change.ts";
import { createApplier, SectionProblems, stepsOf } from "./apply-config.ts";
import { FileAccount, fileSections, notYet, type FileSection } from "./config-schema.ts";
import { readYaml, type LineProblem, type YamlFile } from "./read-yaml.ts";

export type ImportOptions = {
  /** Where `{ env: NAME }` is looked up. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Only tells what would change. */
  readonly dryRun: boolean;
};

export type Imported =
  | { readonly ok: true; readonly changes: readonly Saved[] }
  | { readonly ok: false; readonly problems: readonly LineProblem[] };

/**
 * Brings the account to what a configuration file says (spec 10), in one transaction: everything that is wrong in it is
 * told at once by its line, and then nothing at all is written. Things are matched by name; what the file doesn't name
 * stays as it is, and nothing is deleted.
 */
export async function importConfig(by: ChangeBy, text: string, options: ImportOptions): Promise<Imported> {
  const reading = readYaml(text);
  if (!reading.ok) return reading;
  const problems: LineProblem[] = [];
  const changes: Saved[] = [];
  try {
    await inChange(by, async (change) => {
      const noting = { ...change, onSave: (saved: Saved) => void changes.push(saved) };
      await importFile(noting, reading.file, options.environment, problems);
      if (problems.length > 0 || options.dryRun) throw new TakenBack();
    });
  } catch (error) {
    if (!(error instanceof TakenBack)) throw error;
  }
  if (problems.length > 0) return { ok: false, problems: problems.toSorted((one, other) => one.line - other.line) };
  return { ok: true, changes };
}

/** Undoes the transaction, on purpose. */
class TakenBack extends Error {}

type Path = readonly PropertyKey[];

async function importFile(
  change: Change,
  file: YamlFile,
  environment: ImportOptions["environment"],
  problems: LineProblem[],
): Promise<void> {
  const refuse = (path: Path, message: string): void => {
    const line = file.lineOf(path);
    const place = writeWhere(path);
    problems.push({ line, message: place === "" ? message : `${place}: ${message}` });
  };
  const { value } = file;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    refuse([], "the file must be a map of sections, beginning with patchbay: 1");
    return;
  }
  const root = value as Readonly<Record<string, unknown>>;
  if (root["patchbay"] !== 1) refuse(["patchbay"], "the file must say patchbay: 1, the version of its format");
  for (const key of Object.keys(root))
    if (key !== "patchbay" && key !== "account" && !Object.hasOwn(fileSections, key)) refuse([key], unknownKey(key));

  const applier = createApplier(change, environment);
  const applyAccount = async (): Promise<void> => {
    if (root["account"] === undefined) return;
    const account = parse(file, FileAccount, root["account"], ["account"], refuse);
    if (account !== null) await attempt(change, () => applier.account(account), ["account"], refuse);
  };
  for (const section of Object.keys(fileSections) as FileSection[]) {
    // after the fields it may mask and the connects it names, before the workflows that send through those
    if (section === "workflows") await applyAccount();
    const items = root[section];
    if (items === undefined || items === null) continue;
    if (!Array.isArray(items)) {
      refuse([section], "this must be a list");
      continue;
    }
    for (const [index, item] of items.entries()) {
      const path = [section, index];
      const parsed = parse(file, fileSections[section], item, path, refuse);
      if (parsed === null) applier.spoil(section, item);
      else if (!(await attempt(change, () => applier[section](parsed as never), path, refuse)))
        applier.spoil(section, item);
    }
  }
}

function parse<Schema extends z.ZodType>(
  file: YamlFile,
  schema: Schema,
  value: unknown,
  path: Path,
  refuse: (path: Path, message: string) => void,
): z.output<Schema> | null {
  const settled = settleRetry(structuredClone(value));
  let parsed = schema.safeParse(settled);
  if (!parsed.success && writeAsText(settled, parsed.error.issues, file, path)) parsed = schema.safeParse(settled);
  if (parsed.success) {
    const odd = unstorablePlaces(parsed.data);
    for (const place of odd) refuse([...path, ...stepsOf(place.path)], place.message);
    return odd.length === 0 ? parsed.data : null;
  }
  for (const issue of parsed.error.issues) {
    if (issue.code === "unrecognized_keys")
      for (const key of issue.keys) refuse([...path, ...issue.path, key], unknownKey(key));
    else for (const { message } of namePlaces([issue])) refuse([...path, ...deepest(issue)], message);
  }
  return null;
}

const unknownKey = (key: string): string =>
  notYet.has(key) ? "Patchbay does not have this yet" : "Patchbay does not know this name";

/** Where a text is wanted, `007` and `true` are texts as they were written. Whether anything was turned. */
function writeAsText(value: unknown, issues: readonly z.core.$ZodIssue[], file: YamlFile, path: Path): boolean {
  let turned = false;
  for (const issue of issues.flatMap(flatten)) {
    if (issue.code !== "invalid_type" || issue.expected !== "string" || issue.path.length === 0) continue;
    const source = file.sourceOf([...path, ...issue.path]);
    const holder = issue.path.slice(0, -1).reduce<unknown>((inner, step) => valueAt(inner, step), value);
    const last = issue.path.at(-1)!;
    const wrong = valueAt(holder, last);
    if (source === null || (typeof wrong !== "number" && typeof wrong !== "boolean")) continue;
    (holder as Record<PropertyKey, unknown>)[last] = source;
    turned = true;
  }
  return turned;
}

/** The issues of a union's branches with their whole paths. */
function flatten(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== "invalid_union") return [issue];
  return issue.errors.flat().flatMap((inner) => flatten({ ...inner, path: [...issue.path, ...inner.path] }));
}

function deepest(issue: z.core.$ZodIssue): PropertyKey[] {
  return flatten(issue).reduce<PropertyKey[]>(
    (path, { path: other }) => (other.length > path.length ? other : path),
    [...issue.path],
  );
}

function valueAt(holder: unknown, step: PropertyKey): unknown {
  return typeof holder === "object" && holder !== null ? (holder as Record<PropertyKey, unknown>)[step] : undefined;
}

/** `retry: { schedule: off }`, `retry: false` and `retry: off` are one. */
function settleRetry(item: unknown): unknown {
  const retry = valueAt(item, "retry");
  if (retry === undefined) return item;
  const schedule = valueAt(retry, "schedule");
  const said = typeof schedule === "string" || schedule === false ? schedule : retry;
  (item as Record<string, unknown>)["retry"] = said === false ? "off" : said;
  return item;
}

/** Does one item in a savepoint, so that all that is wrong in the file is found in one go. Whether it went well. */
async function attempt(
  { tx }: Change,
  work: () => Promise<void>,
  path: Path,
  refuse: (path: Path, message: string) => void,
): Promise<boolean> {
  await tx.query("savepoint item");
  try {
    await work();
    await tx.query("release savepoint item");
    return true;
  } catch (error) {
    await tx.query("rollback to savepoint item");
    if (error instanceof SectionProblems) {
      for (const place of error.places) refuse([...path, ...place.path], place.message);
    } else if (error instanceof ProblemError) {
      if (error.errors.length === 0) refuse(path, wordsFor(error));
      for (const place of error.errors) refuse([...path, ...stepsOf(place.path)], place.message);
    } else throw error;
    return false;
  }
}

function wordsFor(error: ProblemError): string {
  if (error.code !== "held_work") return error.message;
  return `switching it on needs an answer to what becomes of ${error.held?.count ?? 0} deliveries held. Switch it on in the page`;
}

/** `connects[0].timeout_seconds` without what the line number says already. */
function writeWhere(path: Path): string {
  return path.filter((step) => typeof step !== "number").join(".");
}
