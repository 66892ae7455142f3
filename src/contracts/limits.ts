const kib = 1_024;
const mib = 1_024 * kib;

/**
 * The limits on what comes from outside, and on what is built from it. This is their only place in the code;
 * CONTRIBUTING.md shows the same figures in a table, and a test compares the two.
 */
export const limits = {
  /** Of one request, of whatever kind, counted while it streams in. */
  bodyBytesMax: mib,
  /** Of one `POST /v1/events` whose token is known before its body comes. */
  batchBodyBytesMax: 8 * mib,
  /** Of all bodies that one process is reading. */
  bodyBytesInAllMax: 64 * mib,
  batchEventsMax: 1_000,
  /** Of a name, in UTF-8; where nested names become one parameter, of those joined by dots. */
  nameBytesMax: 200,
  /** Of one request, its query and body together; of one event, all names and list items in it. */
  parametersMax: 1_000,
  /** Names and list items of one body of the admin API. */
  adminNamesMax: 100_000,
  /** Levels of nested JSON: `{"a":1}` has one. */
  depthMax: 32,
  /**
   * Of a request's URL, query and body together, encoded as they are sent; of an e-mail's recipients, subject and text
   * together, before the mail's own transfer encoding.
   */
  payloadBytesMax: mib,
  /** Of the payloads that one transaction holds in memory before it writes them. */
  plannedCharsMax: 8 * mib,
  /** What a rehearsal, or the preview of a replay, builds or reads in all before it leaves the rest out. */
  rehearsedBytesMax: 32 * mib,
  /** Of the payloads that a rehearsal shows. */
  differencesCharsMax: 8 * mib,
  /** Of a vendor's answer, decompressed; the rest is not read. */
  answerBytesMax: mib,
  /** Of an answer in XML: on one element, and in all. */
  answerElementAttributesMax: 1_000,
  answerAttributesMax: 100_000,
  /** Of the items of one page of leads or of the audit, as JSON; one item is shown whatever it has. */
  pageCharsMax: 4 * mib,
  /** Of each body in the logs. */
  loggedBodyBytesMax: 64 * kib,
  /** Live streams that one process serves at once. */
  streamsPerUserMax: 20,
  streamsPerAccountMax: 200,
  /** CSV exports that one process writes at once. */
  exportsPerUserMax: 5,
  exportsPerAccountMax: 20,
} as const;
