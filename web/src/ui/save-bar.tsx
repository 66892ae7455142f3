import { Button } from "@mantine/core";
import type { ReactNode } from "react";

/** Sticks to the bottom edge of a form and names what is unsaved. `acts` stand at the right (Preview on narrow). */
export function SaveBar({
  verb,
  unsaved,
  saving,
  discard,
  fault,
  acts,
  fresh,
}: {
  /** "Save Connect". */
  verb: string;
  unsaved: readonly string[];
  saving: boolean;
  discard: () => void;
  /** What is wrong as a whole. */
  fault?: string | null;
  acts?: ReactNode;
  /** Nothing was saved yet: saving is possible without a change. */
  fresh?: boolean;
}) {
  const dirty = unsaved.length > 0;
  return (
    <div className="bar savebar" data-dirty={dirty || undefined}>
      <Button type="submit" loading={saving} disabled={!dirty && !fresh}>
        {verb}
      </Button>
      {dirty && (
        <Button type="button" variant="subtle" color="gray" onClick={discard} disabled={saving}>
          Discard
        </Button>
      )}
      <output className="hide-m saywhat">
        {dirty && !fault && (
          <>
            <span className="dot" style={{ background: "var(--pb-accent)", marginRight: 7 }} />
            {unsaved.length} unsaved change{unsaved.length === 1 ? "" : "s"}: {summary(unsaved)}
          </>
        )}
      </output>
      {fault && (
        <span role="alert" className="savefault">
          {fault}
        </span>
      )}
      {acts && <span className="baracts">{acts}</span>}
    </div>
  );
}

function summary(names: readonly string[]): string {
  return names.length <= 3 ? names.join(", ") : `${names.slice(0, 2).join(", ")} and ${names.length - 2} more`;
}
