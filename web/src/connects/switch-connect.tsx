import { useMutation, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import type { HeldChoice } from "../../../src/contracts/connect.ts";
import { ApiProblem, wordsOf } from "../api.ts";
import { say } from "../ui/toast.tsx";
import type { Held, Target } from "./held-question.tsx";
import { connectsKey, connectVerbs } from "./queries.ts";
import { switchedWords } from "./standing.ts";

// asked seldom, and not part of the first page's script
const HeldQuestion = lazy(() => import("./held-question.tsx").then((file) => ({ default: file.HeldQuestion })));

/** Switches a connect on or off at once. Switching on with deliveries held asks what becomes of them. */
export function useSwitchConnect() {
  const queries = useQueryClient();
  const [question, setQuestion] = useState<{ target: Target; held: Held } | null>(null);
  const change = useMutation({
    mutationFn: ({ target, active, held }: { target: Target; active: boolean; held?: HeldChoice }) =>
      connectVerbs.update(target.id, { active, ...(held ? { held } : {}) }),
    onSuccess: async ({ standing }, { target, active, held }) => {
      setQuestion(null);
      await queries.invalidateQueries({ queryKey: connectsKey });
      say(switchedWords({ name: target.name, active, standing }, held), {
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
