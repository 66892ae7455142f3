import { Drawer } from "@mantine/core";
import type { ReactNode } from "react";

/** The one drawer of the product: from the right, page-high, with a head of its own (`dhead`). 844 for a delivery, 640 else. */
export function Side({
  label,
  size = 640,
  open = true,
  close,
  children,
}: {
  label: string;
  size?: number;
  open?: boolean;
  close: () => void;
  children: ReactNode;
}) {
  return (
    <Drawer
      opened={open}
      onClose={close}
      size={size}
      attributes={{ content: { "aria-label": label } }}
      classNames={{ content: "drawer" }}
    >
      {children}
    </Drawer>
  );
}

/** What stands beside a form on wide screens, from the bottom on narrow ones. */
export function BottomSheet({
  label,
  open,
  close,
  children,
}: {
  label: string;
  open: boolean;
  close: () => void;
  children: ReactNode;
}) {
  return (
    <Drawer
      opened={open}
      onClose={close}
      position="bottom"
      size="82%"
      attributes={{ content: { "aria-label": label } }}
      classNames={{ content: "sheet" }}
    >
      {children}
    </Drawer>
  );
}
