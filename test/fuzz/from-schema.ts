import { z } from "zod";
import type { Random } from "./random.ts";

type JsonSchema = {
  readonly $ref?: string;
  readonly $defs?: Record<string, JsonSchema>;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly properties?: Record<string, JsonSchema>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
};

const known = new WeakMap<z.ZodType, JsonSchema>();

/** A value that the schema takes, or nearly: lengths and patterns are left to chance. */
export function valueOf(schema: z.ZodType, random: Random): unknown {
  let json = known.get(schema);
  if (json === undefined) {
    json = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as JsonSchema;
    known.set(schema, json);
  }
  return make(json, json, random, 0);
}

function make(schema: JsonSchema, root: JsonSchema, random: Random, depth: number): unknown {
  const { pick, below, chance } = random;
  if (schema.$ref !== undefined) {
    const name = /^#\/\$defs\/(.+)$/.exec(schema.$ref)?.[1];
    return make(name === undefined ? root : (root.$defs?.[name] ?? {}), root, random, depth + 1);
  }
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return pick(schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined && choices.length > 0) return make(pick(choices), root, random, depth + 1);
  if (schema.allOf?.[0] !== undefined) return make(schema.allOf[0], root, random, depth + 1);
  if (schema.default !== undefined && chance(0.3)) return schema.default;
  const type = typeof schema.type === "object" ? pick(schema.type) : schema.type;
  switch (type) {
    case "object":
      return Object.fromEntries(
        Object.entries(schema.properties ?? {})
          .filter(([name]) => schema.required?.includes(name) === true || chance(depth > 6 ? 0.05 : 0.5))
          .map(([name, inner]) => [name, make(inner, root, random, depth + 1)]),
      );
    case "array":
      if (schema.prefixItems !== undefined)
        return schema.prefixItems.map((inner) => make(inner, root, random, depth + 1));
      return Array.from({ length: depth > 6 ? 0 : below(4) }, () => make(schema.items ?? {}, root, random, depth + 1));
    case "integer":
    case "number":
      return pick([0, 1, 2, 3, 5, 30, schema.minimum ?? 1, Math.min(schema.maximum ?? 100, 10_000)]);
    case "boolean":
      return chance(0.5);
    case "null":
      return null;
    case undefined:
    default:
      return textOf(schema.format, random);
  }
}

function textOf(format: string | undefined, { pick, below }: Random): string {
  if (format === "uuid") return `0199f0a0-0000-7000-8000-${String(below(1_000)).padStart(12, "0")}`;
  if (format === "date-time") return "2026-03-15T14:30:00Z";
  if (format === "email") return `person-${below(1_000)}@example.com`;
  return pick(["first_name", "phone_number", "status", "SALE", "NEW", "1", "2", "10m", "8d", "Acme", "lead", "3105550142", "Y-m-d", "https://crm.example.com/lead", "{lead.first_name}", "api_key=abcdefgh", "X-Key: abcdefgh", "2026-03-15T14:30:00Z", `name ${below(10_000)}`]); // prettier-ignore
}
