import { Button, Modal, Radio, Select } from "@mantine/core";
import { useState } from "react";
import type { HeldChoice } from "../../../src/contracts/connect.ts";
import { Notice } from "../ui/atoms.tsx";
import { showAge } from "../ui/time.tsx";

export type Target = { readonly id: number; readonly name: string };
export type Held = { readonly count: number; readonly oldest_at: string | null };

const ages = [
  ["1h", "1 hour"],
  ["4h", "4 hours"],
  ["1d", "1 day"],
  ["2d", "2 days"],
  ["7d", "7 days"],
] as const;

/** What becomes of the deliveries held, when a connect is switched on. */
export function HeldQuestion({
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
