import { IconAlertTriangle } from "@tabler/icons-react";
import type { CSSProperties, ReactNode } from "react";
import type { OutcomeName } from "../theme.ts";
import { Glyph } from "./outcome.tsx";

export const Method = ({ children }: { children: ReactNode }) => <span className="meth">{children}</span>;

/** The badge that says a delivery or an attempt was a test. */
export const TestTag = () => <span className="meth test">Test</span>;

/** A setting's letter on the General tab. */
export const Letter = ({ children }: { children: ReactNode }) => (
  <span className="ltr" aria-hidden>
    {children}
  </span>
);

export function Mark({ size = 20 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" aria-hidden fill="none">
      <circle cx="4.6" cy="5" r="2.9" stroke="var(--pb-accent)" strokeWidth="2.1" />
      <circle cx="15.4" cy="15" r="2.9" fill="var(--pb-accent)" stroke="var(--pb-accent)" strokeWidth="2.1" />
      <path d="M7.6 5h3.2c4.2 0 4.6 3.4 4.6 7" stroke="var(--pb-accent)" strokeWidth="2.1" strokeLinecap="round" />
    </svg>
  );
}

/** A section's small heading, with what belongs to it at the right. */
export function Sec({ children, right, style }: { children: ReactNode; right?: ReactNode; style?: CSSProperties }) {
  return (
    <div className="sec" style={style}>
      <h3>{children}</h3>
      {right && <span className="secright">{right}</span>}
    </div>
  );
}

/** Words for screen readers only. */
export const Unseen = ({ children }: { children: ReactNode }) => <span className="sr">{children}</span>;

/** A remark beside a form or above a table, coloured by what it means; `retrying` is also the colour of warnings. */
export function Notice({ o, children, act }: { o?: OutcomeName; children: ReactNode; act?: ReactNode }) {
  const loud = o === "failed" || o === "retrying";
  return (
    <div
      className="notice"
      style={{
        background: loud ? `var(--pb-${o}-bg)` : "var(--pb-well)",
        border: loud ? undefined : "1px solid var(--pb-line)",
        alignItems: act ? "center" : undefined,
      }}
    >
      {o === "retrying" ? (
        <IconAlertTriangle size={16} aria-hidden style={{ color: "var(--pb-retrying)" }} />
      ) : (
        o && <Glyph o={o} size={16} />
      )}
      <div style={{ flex: 1, minWidth: 0 }}>{children}</div>
      {act}
    </div>
  );
}
