import type { z } from "zod";
import type { ProblemPlace } from "../contracts/problem.ts";

type Issue = z.core.$ZodIssue;

/** Nobody corrects more at a time, and a body of unknown names would be answered with another as long. */
const placesMax = 100;

/** What a schema refused, the first places named (`fields[3].to`) and said in words. */
export function namePlaces(issues: readonly Issue[]): ProblemPlace[] {
  const places: ProblemPlace[] = [];
  for (const issue of issues) {
    places.push(...placesOf(issue, []));
    if (places.length >= placesMax) break;
  }
  return places.slice(0, placesMax);
}

/** `["fields", 3, "to"]` as `fields[3].to`. */
export function writePath(path: readonly PropertyKey[]): string {
  return path
    .map((step, index) => (typeof step === "number" ? `[${step}]` : `${index > 0 ? "." : ""}${String(step)}`))
    .join("");
}

function placesOf(issue: Issue, above: readonly PropertyKey[]): ProblemPlace[] {
  const path = [...above, ...issue.path];
  if (issue.code === "unrecognized_keys") {
    return issue.keys
      .slice(0, placesMax)
      .map((key) => ({ path: writePath([...path, key]), message: "Patchbay does not know this name" }));
  }
  if (issue.code === "invalid_union") {
    const branch = likeliest(issue.errors);
    if (branch !== null) return branch.flatMap((inner) => placesOf(inner, path));
  }
  return [{ path: writePath(path), message: words(issue) }];
}

/** Of the readings a union allows, the one the value came furthest with; null: it came nowhere with any. */
function likeliest(branches: readonly (readonly Issue[])[]): readonly Issue[] | null {
  const depth = (branch: readonly Issue[]): number => Math.max(0, ...branch.map((issue) => issue.path.length));
  const deepest = branches.toSorted((one, other) => depth(other) - depth(one)).at(0);
  if (deepest !== undefined && depth(deepest) > 0) return deepest;
  return branches.find((branch) => branch.some((issue) => !isDefault(issue.message))) ?? null;
}

/** Schemas say in their own words what they want where that helps; zod's words are for programmers. */
const isDefault = (message: string): boolean => /^(Invalid|Too small|Too big|Unrecognized)/.test(message);

const nouns: Record<string, string> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
  null: "null",
  tuple: "a pair",
};

function words(issue: Issue): string {
  if (!isDefault(issue.message)) return issue.message;
  switch (issue.code) {
    case "invalid_type":
      if (issue.message.endsWith("received undefined")) return "this is missing";
      return `this must be ${nouns[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return issue.values.length === 1
        ? `this must be ${String(issue.values[0])}`
        : `this must be one of ${issue.values.map(String).join(", ")}`;
    case "too_small":
      return issue.minimum === 1 && issue.origin === "string"
        ? "fill this in"
        : `this must be ${issue.inclusive === false ? "more than" : "at least"} ${measure(issue.origin, issue.minimum)}`;
    case "too_big":
      return `this must be at most ${measure(issue.origin, issue.maximum)}`;
    case "invalid_format":
      return `this must be written as ${formatNames[issue.format] ?? issue.format}`;
    case "unrecognized_keys":
    case "invalid_union":
    case "invalid_element":
    case "invalid_key":
    case "not_multiple_of":
    case "custom":
    default:
      return "this does not fit what is expected here";
  }
}

const formatNames: Record<string, string> = {
  datetime: "an instant such as 2026-03-15T14:30:00Z",
  email: "an e-mail address",
  uuid: "an id as Patchbay gives them",
};

function measure(origin: string, bound: number | bigint): string {
  if (origin === "string") return `${bound} character${bound === 1 ? "" : "s"} long`;
  if (origin === "array") return `${bound} entr${bound === 1 ? "y" : "ies"} long`;
  return String(bound);
}
