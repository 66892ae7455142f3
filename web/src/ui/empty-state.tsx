import type { ReactNode } from "react";

/** An empty list: what it is for, the first step, other ways. */
export function EmptyState({
  title,
  children,
  acts,
  picture = true,
}: {
  title: string;
  children: ReactNode;
  acts?: ReactNode;
  picture?: boolean;
}) {
  return (
    <div className="empty">
      {picture && <PatchedHoles />}
      <h2 className="verdict">{title}</h2>
      <div className="t2 emptytext">{children}</div>
      {acts && <div className="emptyacts">{acts}</div>}
    </div>
  );
}

const columns = [0, 1, 2, 3, 4];

function PatchedHoles() {
  return (
    <svg width="220" height="56" viewBox="0 0 220 56" fill="none" aria-hidden>
      <g stroke="var(--pb-line-strong)" strokeWidth="2">
        {columns.map((column) => (
          <circle key={column} cx={12 + column * 30} cy="12" r="8" />
        ))}
        {columns.map((column) => (
          <circle key={column} cx={12 + column * 30} cy="44" r="8" />
        ))}
      </g>
      <path d="M42 12c0 20 60 12 60 32" stroke="var(--pb-accent)" strokeWidth="3" strokeLinecap="round" />
      <circle cx="42" cy="12" r="5" fill="var(--pb-accent)" />
      <circle cx="102" cy="44" r="5" fill="var(--pb-accent)" />
    </svg>
  );
}
