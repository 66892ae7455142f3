/** A value as an object; nothing of it when it is none. */
export const asObject = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

/** A setting's value in words: what is by default in an adaptor's row is left out. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value.join(", ") || "–";
  const said = Object.entries(asObject(value)).filter(
    ([key, part]) =>
      !["section", "field"].includes(key) &&
      JSON.stringify(part) !== "[]" &&
      part !== "" &&
      !(key === "type" && part === "text") &&
      part !== false,
  );
  return said
    .map(([key, part]) => `${key.replaceAll("_", " ")}: ${typeof part === "string" ? part : JSON.stringify(part)}`)
    .join("\n");
}
