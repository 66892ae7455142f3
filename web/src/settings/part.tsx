import type { ReactNode } from "react";

/** A titled part of a settings page. */
export function Part({ title, tag, children }: { title: string; tag?: ReactNode; children: ReactNode }) {
  return (
    <section className="stack" aria-label={title}>
      <h3 style={{ margin: 0, fontSize: 14, fontWeight: 600, display: "flex", gap: 12, alignItems: "center" }}>
        {title}
        {tag && <span style={{ fontSize: 13, fontWeight: 450 }}>{tag}</span>}
      </h3>
      {children}
    </section>
  );
}
