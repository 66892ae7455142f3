import { Button } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconAlertTriangle } from "@tabler/icons-react";
import { sentence } from "./sentence.ts";

/**
 * What is probably not meant in something typed, below its field: put right by one press, or kept as it is. It waits for the
 * typing to pause, or for the save that is `asked`.
 */
export function Questions({
  about,
  typed,
  asked = false,
  questions,
  tidy,
  fix = "Put it right",
  as = "Keep it as it is",
  keep,
  change,
}: {
  /** The field's name. */
  about: string;
  typed: string;
  /** Saving waits for the answer. */
  asked?: boolean;
  questions: readonly string[];
  tidy: string | null;
  fix?: string;
  /** What saving it as it is is called. */
  as?: string;
  /** null: it can't be saved as it is. */
  keep: (() => void) | null;
  change: (text: string) => void;
}) {
  const [paused] = useDebouncedValue(typed, 400);
  const shown = questions.length > 0 && (asked || paused === typed);
  return (
    <div aria-live="polite">
      {shown && (
        <fieldset className="question" data-question>
          <legend className="sr">Worth a look: {about}</legend>
          <IconAlertTriangle size={14} aria-hidden />
          <div>
            {questions.map((words) => (
              <div key={words}>{sentence(words)}</div>
            ))}
            <span className="questionacts">
              {tidy !== null && (
                <Button size="compact-sm" variant="light" onClick={() => change(tidy)}>
                  {fix}
                </Button>
              )}
              {keep && (
                <Button size="compact-sm" variant="subtle" color="gray" onClick={keep}>
                  {as}
                </Button>
              )}
            </span>
          </div>
        </fieldset>
      )}
    </div>
  );
}

/** Puts the cursor on the first question that is open, once it stands; on its field, where only typing answers it. */
export function focusFirstQuestion(root: ParentNode = document): void {
  requestAnimationFrame(() => {
    const question = root.querySelector("[data-question]");
    const field = question?.parentElement?.parentElement?.querySelector<HTMLElement>("textarea, input");
    (question?.querySelector("button") ?? field)?.focus();
  });
}
