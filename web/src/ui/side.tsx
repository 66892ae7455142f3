import { Drawer } from "@mantine/core";
import { createContext, useContext, useEffect, useState, type ReactNode } from "react";

/** Tells the drawer below that another one stands above it, or no longer does. */
const Below = createContext<(covered: boolean) => void>(() => {});

/**
 * The one drawer of the product: from the right, page-high, with a head of its own (`dhead`). 844 for a delivery, 640 else.
 * Escape closes the uppermost alone.
 */
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
  const [covered, setCovered] = useState(false);
  const cover = useContext(Below);
  useEffect(() => {
    if (!open) return undefined;
    cover(true);
    return () => cover(false);
  }, [open, cover]);
  return (
    <Drawer
      opened={open}
      onClose={close}
      closeOnEscape={!covered}
      size={size}
      attributes={{ content: { "aria-label": label } }}
      classNames={{ content: "drawer" }}
    >
      <Below value={setCovered}>{children}</Below>
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
