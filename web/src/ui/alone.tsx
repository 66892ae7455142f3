import type { ReactNode } from "react";
import { Mark } from "./atoms.tsx";

/** A page without navigation: setting up, signing in, the first steps. */
export function Alone({ children, right, wide }: { children: ReactNode; right?: ReactNode; wide?: boolean }) {
  return (
    <div className="alone">
      <header>
        <Mark />
        Patchbay
        {right && <span style={{ marginLeft: "auto" }}>{right}</span>}
      </header>
      <main id="main" style={wide ? { maxWidth: 800, paddingTop: 20 } : undefined}>
        {children}
      </main>
    </div>
  );
}
