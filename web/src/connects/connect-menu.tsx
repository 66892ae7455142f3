import {
  IconAdjustments,
  IconCopy,
  IconDownload,
  IconEraser,
  IconPlayerPause,
  IconPlayerPlay,
  IconTrash,
} from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { ConnectSummary } from "../../../src/contracts/connect.ts";
import { ApiProblem } from "../api.ts";
import { askOnce, sayRefused } from "../ui/ask-once.tsx";
import { downloadText } from "../ui/download.ts";
import { GearMenu, type GearItem } from "../ui/gear-menu.tsx";
import { useMay } from "../ui/session.ts";
import { say } from "../ui/toast.tsx";
import { AskDiscard } from "./ask-discard.tsx";
import { connectsKey, connectVerbs } from "./queries.ts";
import { queueCount } from "./health-words.ts";
import { heldCount } from "./standing.ts";
import { usePause } from "./use-pause.tsx";

/** The Action gear of a connect: Settings, Pause or Resume, Duplicate, Export, Discard held, Delete. */
export function ConnectMenu({ connect, withSettings }: { connect: ConnectSummary; withSettings?: boolean }) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const admin = useMay("admin");
  const operator = useMay("operator");
  const pausing = usePause();
  const [discarding, setDiscarding] = useState(false);
  const { id, name } = connect;
  const open = (to: number) => void navigate({ to: "/connects/$id", params: { id: String(to) } });
  const refresh = () => queries.invalidateQueries({ queryKey: connectsKey });

  const duplicate = async () => {
    const copy = await connectVerbs.duplicate(id);
    await refresh();
    say(`${copy.name} is made, switched off.`);
    open(copy.id);
  };
  const download = async () => {
    const { yaml } = await connectVerbs.export(id);
    downloadText(`${name.replaceAll(/[^\w-]+/g, "-").toLowerCase()}.yaml`, yaml, "application/yaml");
  };
  const remove = async (discard: boolean) => {
    try {
      await connectVerbs.remove(id, discard);
    } catch (error) {
      const held = error instanceof ApiProblem && error.code === "held_work" ? error.problem?.held : undefined;
      // something came in since the question was asked: it is asked again, with that
      if (held) ask(held.count);
      else sayRefused(`${name} is not deleted`, error);
      return;
    }
    await refresh();
    say(`${name} is deleted.`);
    void navigate({ to: "/connects" });
  };
  const ask = (owed = heldCount(connect) + connect.waiting) =>
    askOnce({
      title: `Delete ${name}?`,
      text:
        owed > 0
          ? `${queueCount(owed)} ${owed === 1 ? "delivery that is still owed is" : "deliveries that are still owed are"} discarded. Logs stay.`
          : "Nothing can be sent through it any more. Logs stay.",
      verb: `Delete ${name}`,
      act: () => void remove(owed > 0),
    });
  const paused = connect.standing.paused_at !== null;
  const items: GearItem[] = [
    ...(withSettings ? [{ label: "Settings", icon: <IconAdjustments size={16} />, act: () => open(id) }] : []),
    ...(operator && paused
      ? [
          {
            label: connect.active ? "Resume" : "End the pause",
            icon: <IconPlayerPlay size={16} />,
            act: () => pausing.pause(connect, false),
          },
        ]
      : []),
    ...(operator && !paused && connect.active
      ? [{ label: "Pause", icon: <IconPlayerPause size={16} />, act: () => pausing.pause(connect, true) }]
      : []),
    ...(admin
      ? [
          {
            label: "Duplicate",
            icon: <IconCopy size={16} />,
            act: () => telling(duplicate(), `${name} is not copied`),
          },
          {
            label: "Export",
            icon: <IconDownload size={16} />,
            note: "without secrets",
            act: () => telling(download(), `${name} is not exported`),
          },
        ]
      : []),
    ...(admin && heldCount(connect) > 0
      ? [{ label: "Discard held…", icon: <IconEraser size={16} />, act: () => setDiscarding(true) }]
      : []),
    ...(admin ? [{ label: "Delete…", icon: <IconTrash size={16} />, danger: true, act: () => ask() }] : []),
  ];
  if (items.length === 0) return null;
  return (
    <>
      <GearMenu label={`${name}: actions`} items={items} />
      {discarding && <AskDiscard connect={connect} close={() => setDiscarding(false)} />}
    </>
  );
}

/** A gear has no place of its own for a fault. */
const telling = (work: Promise<void>, refused: string) =>
  void work.catch((error: unknown) => sayRefused(refused, error));
