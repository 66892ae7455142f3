import { Button } from "@mantine/core";
import { IconEye } from "@tabler/icons-react";
import type { AdaptorSettings } from "../../../src/contracts/adaptor.ts";
import { RehearsalButton } from "../ui/rehearsal.tsx";

/** What stands at the right of the save bar: what a save would change, and on narrow screens Generated Data. */
export function BarActs({
  id,
  settings,
  showGenerated,
}: {
  /** null: nothing goes through it yet. */
  id: number | null;
  settings: AdaptorSettings;
  showGenerated: (() => void) | null;
}) {
  return (
    <>
      {id !== null && <RehearsalButton draft={{ of: "adaptor", id, settings }} />}
      {showGenerated && (
        <Button
          type="button"
          variant="default"
          className="only-n"
          aria-label="Generated Data"
          leftSection={<IconEye size={16} aria-hidden />}
          onClick={showGenerated}
        >
          Generated Data
        </Button>
      )}
    </>
  );
}
