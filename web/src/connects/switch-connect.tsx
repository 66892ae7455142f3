import { Button, Modal, Radio, Select } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { HeldChoice } from "../../../src/contracts/connect.ts";
import { ApiProblem, wordsOf } from "../api.ts";
import { Notice } from "../ui/atoms.tsx";
import { showAge } from "../ui/time.tsx";
import { say } from "../ui/toast.tsx";
import { connectsKey, connectVerbs } from "./queries.ts";

type Target = { readonly id: number; readonly name: string };
type Held = { readonly count: number; readonly oldest_at: string | null };

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
      <HeldQuestion
        {...question}
        busy={change.isPending}
        close={() => {
          setQuestion(null);
          change.reset();
        }}
        choose={(held) => change.mutate({ target: question.target, active: true, held })}
      />
    ),
  };
}

function doneWords(name: string, active: boolean, held: HeldChoice | undefined): string {
  if (!active) return `${name} is off. New deliveries wait until it is on.`;
  if (held === "discard") return `${name} is active. What was held is discarded.`;
  return held ? `${name} is active. Held deliveries are going out.` : `${name} is active.`;
}

const ages = [
  ["1h", "1 hour"],
  ["4h", "4 hours"],
  ["1d", "1 day"],
  ["2d", "2 days"],
  ["7d", "7 days"],
] as const;

function HeldQuestion({
  target,
  held,
  busy,
  close,
  choose,
}: {
  target: Target;
  held: Held;
  busy: boolean;
  close: () => void;
  choose: (held: HeldChoice) => void;
}) {
  const [choice, setChoice] = useState("send_all");
  const [age, setAge] = useState<string>("1d");
  const count = held.count.toLocaleString("en");
  const decide = () =>
    choose(choice === "newer_than" ? { newer_than: age } : choice === "discard" ? "discard" : "send_all");
  return (
    <Modal
      opened
      onClose={close}
      title={`Switch ${target.name} on?`}
      classNames={{ title: "dtitle" }}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <p className="t2" style={{ margin: "0 0 14px", fontSize: 13.5 }}>
        {count} waiting{held.oldest_at && `, oldest ${showAge(held.oldest_at)}`}. Say what becomes of them.
      </p>
      <Radio.Group value={choice} onChange={setChoice} aria-label="Held deliveries">
        <div className="stack" style={{ gap: 10 }}>
          <Radio value="send_all" label={held.count === 1 ? "Send it" : `Send all ${count}`} />
          <Radio
            value="newer_than"
            label="Send only what is newer than"
            description="Older ones are discarded; they stay in the logs."
          />
          {choice === "newer_than" && (
            <Select
              size="xs"
              w={140}
              ml={32}
              aria-label="Newer than"
              data={ages.map(([value, label]) => ({ value, label }))}
              value={age}
              onChange={(value) => value && setAge(value)}
              comboboxProps={{ withinPortal: true }}
            />
          )}
          <Radio
            value="discard"
            label={held.count === 1 ? "Discard it" : `Discard all ${count}`}
            description="They stay in the logs, and can be sent again."
          />
        </div>
      </Radio.Group>
      {choice === "discard" && (
        <div style={{ marginTop: 12 }}>
          <Notice o="retrying">
            {held.count === 1 ? "1 held delivery is" : `${count} held deliveries are`} discarded.
          </Notice>
        </div>
      )}
      <div className="dialogacts">
        <Button variant="default" onClick={close}>
          Leave it off
        </Button>
        <Button loading={busy} onClick={decide}>
          Switch on
        </Button>
      </div>
    </Modal>
  );
}
