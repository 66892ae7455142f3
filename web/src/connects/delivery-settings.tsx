import type { FoldedProps } from "./draft.ts";
import { PaceSettings } from "./pace-settings.tsx";
import { RetrySettings } from "./retry-settings.tsx";

/** How deliveries are sent: rare settings, each lot folded into one line. */
export function DeliverySettings(props: FoldedProps) {
  return (
    <>
      <RetrySettings {...props} />
      <PaceSettings {...props} />
    </>
  );
}
