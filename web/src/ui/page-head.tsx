import { IconChevronRight } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useEffect, type ReactNode } from "react";

/** Crumb, title, what is wrong (if anything), acts at the right. It also names the browser's tab. */
export function PageHead({
  title,
  crumb,
  tags,
  acts,
  sub,
}: {
  title: string;
  crumb?: { to: string; label: string };
  tags?: ReactNode;
  acts?: ReactNode;
  sub?: ReactNode;
}) {
  useTitle(title);
  return (
    <div className="phead">
      {crumb && (
        <div className="crumb">
          <Link to={crumb.to}>{crumb.label}</Link>
          <IconChevronRight size={13} aria-hidden />
        </div>
      )}
      <div className="ptitle">
        <h1>{title}</h1>
        {tags}
        {acts && <div className="right">{acts}</div>}
      </div>
      {sub && <p className="psub">{sub}</p>}
    </div>
  );
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title ? `${title} · Patchbay` : "Patchbay";
  }, [title]);
}
