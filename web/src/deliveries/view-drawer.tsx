import { Tooltip } from "@mantine/core";
import { IconArrowsMaximize, IconChevronDown, IconChevronUp, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, type ReactNode } from "react";
import type { Delivery } from "../../../src/contracts/delivery.ts";
import { Side } from "../ui/side.tsx";
import type { ChangeLogUrl } from "./filter.ts";
import { shortId } from "./log-rows.tsx";
import { storyQuery } from "./queries.ts";
import { useOneStory } from "./use-one-story.ts";
import { Story } from "./story.tsx";

/** View: the whole story of a delivery beside its log; K and J go to the newer and the older one. */
export function ViewDrawer({ id, rows, change }: { id: string; rows: readonly Delivery[]; change: ChangeLogUrl }) {
  const at = rows.findIndex((row) => row.id === id);
  const newer = at > 0 ? rows[at - 1]?.id : undefined;
  const older = at >= 0 ? rows[at + 1]?.id : undefined;
  useOneStory(id, rows[at], useQuery(storyQuery(id)).data);
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const to = event.key === "k" ? newer : event.key === "j" ? older : undefined;
      if (to) change({ open: to });
    };
    addEventListener("keydown", key);
    return () => removeEventListener("keydown", key);
  }, [newer, older, change]);
  const close = () => change({ open: undefined });
  return (
    <Side label={`Delivery ${shortId(id)}`} size={844} close={close}>
      <div className="dhead">
        <span className="dim num" title={id}>
          Delivery {shortId(id)}
        </span>
        <span className="right" style={{ gap: 0 }}>
          <HeadButton label="Newer delivery (K)" off={!newer} act={() => newer && change({ open: newer })}>
            <IconChevronUp size={18} aria-hidden />
          </HeadButton>
          <HeadButton label="Older delivery (J)" off={!older} act={() => older && change({ open: older })}>
            <IconChevronDown size={18} aria-hidden />
          </HeadButton>
          <Tooltip label="Open as page">
            <Link className="iconbtn" to="/deliveries/$id" params={{ id }} aria-label="Open as page">
              <IconArrowsMaximize size={16} aria-hidden />
            </Link>
          </Tooltip>
          <HeadButton label="Close (Esc)" act={close}>
            <IconX size={18} aria-hidden />
          </HeadButton>
        </span>
      </div>
      <Story key={id} id={id} focused />
    </Side>
  );
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches("input, textarea, select");

function HeadButton({
  label,
  off = false,
  act,
  children,
}: {
  label: string;
  off?: boolean;
  act: () => void;
  children: ReactNode;
}) {
  return (
    <Tooltip label={label}>
      <button type="button" className="iconbtn" aria-label={label} aria-disabled={off} onClick={act}>
        {children}
      </button>
    </Tooltip>
  );
}
