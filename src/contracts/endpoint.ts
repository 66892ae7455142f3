import { z } from "zod";

export const roles = ["viewer", "operator", "admin"] as const;
export const Role = z.enum(roles);
/** A viewer reads, personal data masked; an operator also retries and tests saved settings; an admin changes settings. */
export type Role = z.infer<typeof Role>;

type Schema = z.ZodType;

/**
 * One endpoint of the admin API, described once: the server's validation, the page's types and the OpenAPI document
 * all read it. `role` is the least role that may call it; `anyone` needs no sign-in. An API token with the section
 * `admin` acts as an admin.
 */
export type Endpoint = {
  readonly method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** Placeholders in braces: `/api/connects/{id}`. */
  readonly path: `/api/${string}`;
  readonly role: Role | "anyone";
  readonly tag: string;
  readonly summary: string;
  /** What it stores is new work, which is refused (`disk_full`) while the disk has no room for it. Settings are none. */
  readonly takesWork?: true;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: Schema;
  readonly status: 200 | 201 | 202 | 204;
  readonly answer: Schema;
};

/** Keeps the literal types of a description. */
export const endpoint = <const E extends Endpoint>(description: E): E => description;

type In<S> = S extends Schema ? z.input<S> : undefined;
type Out<S> = S extends Schema ? z.output<S> : undefined;
/** What a caller passes. */
export type EndpointInput<E extends Endpoint> = (E["params"] extends Schema ? { params: In<E["params"]> } : unknown) &
  (E["query"] extends Schema ? { query?: In<E["query"]> } : unknown) &
  (E["body"] extends Schema ? { body: In<E["body"]> } : unknown);
/** What a handler receives, parsed. */
export type EndpointRequest<E extends Endpoint> = {
  params: Out<E["params"]>;
  query: Out<E["query"]>;
  body: Out<E["body"]>;
};
export type EndpointAnswer<E extends Endpoint> = z.output<E["answer"]>;
/** What a handler returns: the answer's input side, so that brands need no casting. */
export type EndpointReply<E extends Endpoint> = z.input<E["answer"]>;

/** Numbers of saves, counted from 1, in a column of PostgreSQL's `integer`; 0: no person saved it yet. */
const revisionMost = 2_147_483_647;
/** The revision a change was made on; a newer one in the meantime answers 409 `conflict`. */
export const MadeOnRevision = z.number().int().min(0).max(revisionMost).optional();

/** Lists page by cursor; `next_cursor` null: the end. */
export const pageOf = <Item extends Schema>(item: Item) =>
  z.object({ items: z.array(item), next_cursor: z.string().nullable() });
export const PageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z.string().max(200).optional(),
});
/** Every key optional, and none filled in by its default: what a change does not name stays as it is. */
export function changesOf<Shape extends z.ZodRawShape, Config extends z.core.$ZodObjectConfig>(
  settings: z.ZodObject<Shape, Config>,
) {
  const bare = Object.entries(settings.shape).map(([name, schema]) => [
    name,
    schema instanceof z.ZodDefault ? schema.unwrap() : schema,
  ]);
  return settings.extend(Object.fromEntries(bare) as Shape).partial() as ReturnType<
    z.ZodObject<Shape, Config>["partial"]
  >;
}
export const NoContent = z.null();
