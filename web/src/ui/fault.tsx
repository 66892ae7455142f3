import { Button } from "@mantine/core";
import { wordsOf } from "../api.ts";
import { Notice } from "./atoms.tsx";

/** Something could not be loaded: what, why, and *Try again*; the old rows stay below it. */
export function Fault({ what, error, again }: { what: string; error: unknown; again?: () => void }) {
  return (
    <div role="alert" style={{ padding: "12px 0" }}>
      <Notice
        o="failed"
        act={
          again && (
            <Button size="xs" variant="default" onClick={again}>
              Try again
            </Button>
          )
        }
      >
        <b style={{ fontWeight: 600 }}>{what}</b> {wordsOf(error)}
      </Notice>
    </div>
  );
}
