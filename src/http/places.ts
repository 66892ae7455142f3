import type { AccountId } from "../contracts/ids.ts";
import { ProblemError } from "../core/problem-error.ts";

/** Who takes a place: a user or an API token of an account. */
export type PlaceFor = { readonly accountId: AccountId; readonly kind: "user" | "token"; readonly id: number };

export type Places = {
  /** Takes one, or throws ProblemError. Returns how it is given back; twice does nothing. */
  readonly take: (who: PlaceFor) => () => void;
};

/** So many at once a user (an API token is one of its own) and an account, in this process. `what`: "live streams". */
export function createPlaces(what: string, userMax: number, accountMax: number): Places {
  const taken = new Map<string, number>();
  const add = (key: string, more: 1 | -1): void => {
    const count = (taken.get(key) ?? 0) + more;
    if (count === 0) taken.delete(key);
    else taken.set(key, count);
  };
  return {
    take: ({ accountId, kind, id }) => {
      const account = `account ${accountId}`;
      const user = `${account} ${kind} ${id}`;
      if ((taken.get(user) ?? 0) >= userMax)
        throw full(
          `This ${kind === "token" ? "API token" : "user"} has ${userMax} ${what} open, the most there can be.`,
        );
      if ((taken.get(account) ?? 0) >= accountMax)
        throw full(`This account has ${accountMax} ${what} open, the most there can be.`);
      add(account, 1);
      add(user, 1);
      let isTaken = true;
      return () => {
        if (!isTaken) return;
        isTaken = false;
        add(account, -1);
        add(user, -1);
      };
    },
  };
}

const retryAfterSeconds = 30;

function full(words: string): ProblemError {
  return new ProblemError("too_many", { detail: `${words} Close one, or try again later.`, retryAfterSeconds });
}
