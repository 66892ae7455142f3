import type { Intake } from "../../engine/intake.ts";
import type { Room } from "../../engine/room.ts";
import type { Database } from "../../store/database.ts";
import type { FoundToken } from "../../store/tokens.ts";
import type { Parameters } from "./parameters.ts";

export type V1Deps = {
  readonly db: Database;
  readonly intake: Intake;
  /** Absent: there is always room. */
  readonly room?: Pick<Room, "require">;
};

/** An endpoint of the vendor-facing API, under its name in `/v1/`. It answers GET and POST alike. */
export type V1Endpoint = {
  /** Also what a token's access list may name; the part before the slash is its section. */
  readonly name: `${string}/${string}`;
  /** It stores something new, for which there has to be room on disk. */
  readonly takesWork?: true;
  readonly handle: (call: V1Call, deps: V1Deps) => Promise<object>;
};

export type V1Call = {
  readonly parameters: Parameters;
  readonly token: FoundToken;
  readonly idempotencyKey: string | null;
};
