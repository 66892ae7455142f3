import { createContext, use } from "react";
import { Glyph } from "../ui/outcome.tsx";

export type Remark = { readonly path: string; readonly message: string; readonly fault: boolean };
const Remarks = createContext<readonly Remark[]>([]);
export const RemarksProvider = Remarks.Provider;

type Place = {
  /** As problems name it: `events[2]`. */
  readonly at: string;
  /** What within it says its own. */
  readonly except?: string;
  /** Not what is within it. */
  readonly exact?: boolean;
};

const within = (path: string, place: string) =>
  path === place || path.startsWith(`${place}.`) || path.startsWith(`${place}[`);

/** What is wrong or deserves a look at a place and within it. */
function useRemarks({ at, except, exact }: Place): readonly Remark[] {
  return use(Remarks).filter(({ path }) => {
    if (exact) return path === at;
    return within(path, at) && !(except !== undefined && within(path, except));
  });
}

export function Said(place: Place) {
  const remarks = useRemarks(place);
  return remarks.map(({ path, message, fault }) => (
    <div
      key={`${path} ${message}`}
      className="remark said"
      style={{ color: `var(--pb-${fault ? "failed" : "retrying"})` }}
      {...(fault ? { "data-error": true, tabIndex: -1, role: "alert" } : {})}
    >
      <Glyph o={fault ? "failed" : "retrying"} size={14} />
      <span>{message}</span>
    </div>
  ));
}
