import { useMutation, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import type { HeldChoice } from "../../../src/contracts/connect.ts";
import { ApiProblem, wordsOf } from "../api.ts";
import { say } from "../ui/toast.tsx";
import type { Held, Target } from "./held-question.tsx";
import { connectsKey, connectVerbs } from "./queries.ts";

// asked seldom, and not part of the first page's script
const HeldQuestion = lazy(() => import("./held-question.tsx").then((file) => ({ default: file.HeldQuestion })));

/** Switches a connect on or off at once. Switching on with deliveries held asks what becomes of them. */
export function useSwitchConnect() {
  const queries = useQueryClient();
  const [question, setQuestion] = useState<{ target: Target; held: Held } | null>(null);
  const change = useMutation({
    mutationFn: ({ target, active, held }: { target: Target; active: boolean; held?: HeldChoice }) =>
      connectVerbs.update(target.id, { active, ...(held ? { held } : {}) }),
    onSuccess: async (_, { target, active, held }) => {
      setQuestion(null);
      await queries.invalidateQueries({ queryKey: connectsKey });
      say(doneWords(target.name, active, held), {
        act: () => change.mutate({ target, active: !active, ...(active ? {} : { held: "send_all" }) }),
      });
    },
    onError: (error, { target }) => {
      const held = error instanceof ApiProblem && error.code === "held_work" ? error.problem?.held : undefined;
      if (held) setQuestion({ target, held });
    },
  });
  const fault = change.error && !question ? wordsOf(change.error) : null;
  return {
    switchTo: (target: Target, active: boolean) => change.mutate({ target, active }),
    pending: change.isPending ? change.variables.target.id : null,
    fault,
    dialog: question && (
      <Suspense>
        <HeldQuestion
          {...question}
          busy={change.isPending}
          close={() => {
            setQuestion(null);
            change.reset();
          }}
          choose={(held) => change.mutate({ target: question.target, active: true, held })}
        />
      </Suspense>
    ),
  };
}

function doneWords(name: string, active: boolean, held: HeldChoice | undefined): string {
  if (!active) return `${name} is off. New deliveries wait until it is on.`;
  if (held === "discard") return `${name} is active. What was held is discarded.`;
  return held ? `${name} is active. Held deliveries are going out.` : `${name} is active.`;
}
