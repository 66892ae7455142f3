/** Names and values as texts, whatever they travelled in. Made without a prototype: a name may be anything. */
export type Parameters = Readonly<Record<string, string>>;

/** The request can't be read; `message` says what and where, `path` the place within. */
export class Malformed extends Error {
  override readonly name = "Malformed";
  readonly path: string | undefined;
  constructor(message: string, path?: string) {
    super(message);
    this.path = path;
  }
}

/** Takes a parameter in, or throws Malformed: the limits are kept while a request is read, before anything is built. */
export type AddParameter = (name: string, value: string) => void;
