import { useEffect, useRef, type RefObject } from "react";

/** Puts the cursor here when the step appears, so that the keyboard goes on where the eye does. */
export function useFocusHere<E extends HTMLElement>(): RefObject<E | null> {
  const ref = useRef<E>(null);
  useEffect(() => ref.current?.focus(), []);
  return ref;
}
