import { Button } from "@mantine/core";
import { modals } from "@mantine/modals";
import type { ReactNode } from "react";
import { wordsOf } from "../api.ts";

/** Asks once, where there is no way back: says what it will do, and the button repeats the verb. */
export function askOnce({
  title,
  text,
  verb,
  keep = "Keep it",
  danger = true,
  act,
  not,
}: {
  title: string;
  text: ReactNode;
  verb: string;
  keep?: string;
  danger?: boolean;
  act: () => void;
  /** When the person keeps it, or closes the dialog. */
  not?: () => void;
}): void {
  modals.openConfirmModal({
    title,
    children: (
      <div className="t2" style={{ fontSize: 13.5 }}>
        {text}
      </div>
    ),
    labels: { confirm: verb, cancel: keep },
    confirmProps: danger ? { style: { background: "var(--pb-danger)" } } : {},
    classNames: { title: "dtitle" },
    closeButtonProps: { "aria-label": "Close" },
    onConfirm: act,
    ...(not ? { onClose: not } : {}),
  });
}

/**
 * Says that something was not done, and why, where its button has no place for it (a menu, a row's link). A toast says only
 * what was done. `why`: what was thrown, or words.
 */
export function sayRefused(title: string, why: unknown): void {
  const id = modals.open({
    title,
    children: (
      <>
        <div className="t2" style={{ fontSize: 13.5 }} role="alert">
          {typeof why === "string" ? why : wordsOf(why)}
        </div>
        <div className="dialogacts">
          <Button variant="default" onClick={() => modals.close(id)}>
            Close
          </Button>
        </div>
      </>
    ),
    classNames: { title: "dtitle" },
    closeButtonProps: { "aria-label": "Close" },
  });
}
