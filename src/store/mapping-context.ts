import type { AccountScope } from "./account-scope.ts";
import { accountSettings, type MappingContext } from "./account-settings.ts";

/** Once a scope: a transaction sees it as it was at its first look. */
export async function mappingContext(scope: AccountScope): Promise<MappingContext> {
  return (await accountSettings(scope)).mapping;
}

export type { MappingContext } from "./account-settings.ts";
