import { lazy, Suspense, type ComponentProps } from "react";

// asked seldom, and not part of the first page's script
const Question = lazy(() => import("./discard-held.tsx").then((file) => ({ default: file.DiscardHeld })));

/** The question before held deliveries are discarded. */
export const AskDiscard = (props: ComponentProps<typeof Question>) => (
  <Suspense>
    <Question {...props} />
  </Suspense>
);
