import { useDisclosure } from "@mantine/hooks";
import { IconChevronRight } from "@tabler/icons-react";
import type { ReactNode } from "react";

/** Rare settings, folded into one line that shows their values; open by itself where one of them wants a look. */
export function Fold({
  title,
  summary,
  wantsLook,
  children,
}: {
  title: string;
  summary: string;
  wantsLook: boolean;
  children: ReactNode;
}) {
  const [opened, { toggle }] = useDisclosure(false);
  const open = opened || wantsLook;
  return (
    <div className="fold">
      <button type="button" className="foldhead" aria-expanded={open} onClick={toggle}>
        <IconChevronRight size={16} aria-hidden className="dim" style={{ rotate: open ? "90deg" : undefined }} />
        {title}
        <span className="dim">{summary}</span>
      </button>
      {open && <div className="two foldbody">{children}</div>}
    </div>
  );
}
