import type { RequestMethod } from "../contracts/connect.ts";
import type { Section } from "../contracts/fields.ts";
import type { Text } from "./text.ts";

/** The texts of a connect's settings, taken apart once at saving; their secrets are named places. */
export type ConnectTexts = {
  /** May hold `{lead.phone_number}` places, still unfilled, in its strings. */
  readonly url: Text;
  /** Without leading `?` or `&`; empty: none. */
  readonly authentication: Text;
  readonly headers: readonly Header[];
};

export type Header = { readonly name: string; readonly value: Text };

/** One value under one vendor's name, in the adaptor's order. `target` is as the admin typed it (dots and `[]` included). */
export type MappedPair = {
  /** Of the adaptor's row, from 0. */
  readonly row: number;
  readonly section: Section;
  readonly field: string;
  readonly target: string;
  /** Strings are plain values, not encoded; secrets are places. */
  readonly value: Text;
  readonly type: "text" | "number" | "boolean";
};

/**
 * What is frozen when a delivery is planned, so that a retry sends the same bytes: the pairs of a GET's query or the
 * body. Settings, credentials and the URL's own text are taken fresh at each attempt.
 */
export type Payload = {
  /** Appended to the URL's query after Api Authentication; empty: nothing. */
  readonly query: Text;
  readonly body: Text | null;
  /** Used unless the admin's headers name a content type of their own. */
  readonly contentType: string | null;
  /** Values of the `{lead.…}` places in the API URL, by place as written (`lead.phone_number`). */
  readonly places: Readonly<Record<string, string>>;
};

/** One HTTP request, complete but for its secrets. */
export type RequestPlan = {
  readonly method: RequestMethod;
  readonly url: Text;
  readonly headers: readonly Header[];
  readonly body: Text | null;
};
