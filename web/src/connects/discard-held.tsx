import { Button, Modal, Select } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ConnectSummary } from "../../../src/contracts/connect.ts";
import type { HoldReason } from "../../../src/contracts/outcome.ts";
import { Fault } from "../ui/fault.tsx";
import { say } from "../ui/toast.tsx";
import { connectVerbs, refreshHeld } from "./queries.ts";
import { queueCount } from "./health-words.ts";
import { heldReasons } from "./standing.ts";

const ages = [
  ["any", "of any age"],
  ["1h", "older than 1 hour"],
  ["1d", "older than 1 day"],
  ["2d", "older than 2 days"],
  ["7d", "older than 7 days"],
] as const;

/** Asks once, saying what it will do, then discards what is held. */
export function DiscardHeld({ connect, close }: { connect: ConnectSummary; close: () => void }) {
  const queries = useQueryClient();
  const [because, setBecause] = useState<HoldReason | "all">("all");
  const [age, setAge] = useState<string>("any");
  const discard = useMutation({
    mutationFn: () =>
      connectVerbs.discardHeld(connect.id, {
        ...(because === "all" ? {} : { because }),
        ...(age === "any" ? {} : { older_than: age }),
      }),
    onSuccess: async ({ count }) => {
      close();
      say(count === 1 ? "1 delivery is discarded." : `${count.toLocaleString("en")} deliveries are discarded.`);
      await refreshHeld(queries);
    },
  });
  const reasons = heldReasons(connect);
  const chosen = reasons.filter((reason) => because === "all" || reason.because === because);
  const count = chosen.reduce((sum, reason) => sum + reason.count, 0);
  const many = queueCount(count);
  return (
    <Modal
      opened
      onClose={close}
      title={`Discard what is held for ${connect.name}?`}
      classNames={{ title: "dtitle" }}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <div className="stack" style={{ gap: 12 }}>
        <p className="t2" style={{ margin: 0, fontSize: 13.5 }}>
          {age === "any"
            ? `${many} held ${count === 1 ? "delivery is" : "deliveries are"} discarded and not sent.`
            : `Of ${many} held, those ${ages.find(([value]) => value === age)?.[1]} are discarded and not sent.`}{" "}
          They stay in the logs, and can be sent again from there. What is being sent now goes on.
        </p>
        {reasons.length > 1 && (
          <Select
            label="Which"
            data={[
              { value: "all", label: "All that is held" },
              ...reasons.map((reason) => ({
                value: reason.because,
                label: `${queueCount(reason.count)} held ${reason.words}`,
              })),
            ]}
            value={because}
            onChange={(value) => value && setBecause(value)}
          />
        )}
        <Select
          label="Age"
          data={ages.map(([value, label]) => ({ value, label: label[0]!.toUpperCase() + label.slice(1) }))}
          value={age}
          onChange={(value) => value && setAge(value)}
        />
        {discard.error && <Fault what="Nothing was discarded." error={discard.error} />}
      </div>
      <div className="dialogacts">
        <Button variant="default" onClick={close}>
          Keep them
        </Button>
        <Button style={{ background: "var(--pb-danger)" }} loading={discard.isPending} onClick={() => discard.mutate()}>
          {age === "any" ? `Discard ${many}` : "Discard those"}
        </Button>
      </div>
    </Modal>
  );
}
