import pg from "pg";
import { stdSerializers } from "pino";

/**
 * An error as it may be logged: without what PostgreSQL repeats of a row or a statement, which may be a lead's values. The
 * code, the table and the constraint say enough.
 */
export function loggableError(error: Error): object {
  const { detail: _, where: __, hint: ___, internalQuery: ____, ...shown } = stdSerializers.err(error);
  const quotes = quotesOf(error);
  const without = (text: string): string => quotes.reduce((rest, quote) => rest.replaceAll(quote, "…"), text);
  return { ...shown, message: without(shown.message), stack: without(shown.stack) };
}

/** What PostgreSQL quotes at the end of a message (`invalid input syntax for type uuid: "…"`), also in the errors behind this one. */
function quotesOf(error: unknown, depth = 0): string[] {
  if (!(error instanceof Error) || depth > 5) return [];
  const quote = error instanceof pg.DatabaseError ? /: (".*")$/s.exec(error.message)?.[1] : undefined;
  return [...(quote === undefined ? [] : [quote]), ...quotesOf(error.cause, depth + 1)];
}
