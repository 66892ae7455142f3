import { useMemo } from "react";
import { type MaskedFilter, maskedFilters, refusedFilter } from "../../../src/contracts/masked-filters.ts";
import { useSession } from "../ui/session.ts";

/** The filters that the signed-in user can't use, since they see masked what is filtered by; each with why. */
export function useRefusedFilters(): Readonly<Partial<Record<MaskedFilter, string>>> {
  const { user, account } = useSession();
  const { role } = user;
  const { fields_masked_in_logs: maskedInLogs } = account;
  return useMemo(() => {
    const reasons = maskedFilters.map((name) => [name, refusedFilter(name, { role, maskedInLogs })] as const);
    return Object.fromEntries(reasons.filter(([, because]) => because !== null));
  }, [role, maskedInLogs]);
}
