/** Where the engine tells the operator what it does: one wide line a step. pino's loggers are such. */
export type Log = {
  readonly debug: (particulars: object, words: string) => void;
  readonly info: (particulars: object, words: string) => void;
  readonly warn: (particulars: object, words: string) => void;
  readonly error: (particulars: object, words: string) => void;
};
