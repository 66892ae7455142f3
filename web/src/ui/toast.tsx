import { IconCheck } from "@tabler/icons-react";
import { notifications } from "@mantine/notifications";
import type { ReactNode } from "react";

/** Says what was done, with a way back if there is one. Faults are never said here: they stay where they are. */
export function say(message: ReactNode, undo?: { label?: string; act: () => void }): void {
  const id = notifications.show({
    classNames: { root: "toast" },
    withBorder: false,
    icon: <IconCheck size={17} aria-hidden />,
    role: "status",
    closeButtonProps: { "aria-label": "Close" },
    message: (
      <>
        <span>{message}</span>
        {undo && (
          <button
            type="button"
            className="lnk"
            onClick={() => {
              notifications.hide(id);
              undo.act();
            }}
          >
            {undo.label ?? "Undo"}
          </button>
        )}
      </>
    ),
  });
}
