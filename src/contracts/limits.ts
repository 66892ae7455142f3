const kib = 1_024;
const mib = 1_024 * kib;

/**
 * The limits on what comes from outside, and on what is built from it. This is their only place in the code;
 * CONTRIBUTING.md shows the same figures in a table, and a test compares the two.
 */
export const limits = {
  /** Of one request, of whatever kind, counted while it streams in. */
  bodyBytesMax: mib,
  /** Of one `POST /v1/events`. */
  batchBodyBytesMax: 8 * mib,
  batchEventsMax: 1_000,
  /** Of a parameter, in UTF-8. Of nested JSON: of the names joined by dots. */
  parameterNameBytesMax: 200,
  parametersMax: 1_000,
  /** Levels of nested JSON: `{"a":1}` has one. */
  depthMax: 32,
  /** Of a request's URL, headers' places, query and body together, or of an e-mail, as it would be sent. */
  payloadBytesMax: mib,
  /** Of a vendor's answer, decompressed; the rest is not read. */
  answerBytesMax: mib,
  /** Of each body in the logs. */
  loggedBodyBytesMax: 64 * kib,
  /** Live streams that one process serves at once. */
  streamsPerUserMax: 20,
  streamsPerAccountMax: 200,
  /** CSV exports that one process writes at once. */
  exportsPerUserMax: 5,
  exportsPerAccountMax: 20,
} as const;
