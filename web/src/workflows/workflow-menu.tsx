import { IconAdjustments, IconCopy, IconTrash } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { WorkflowSummary } from "../../../src/contracts/endpoints/workflows.ts";
import { askOnce, sayRefused } from "../ui/ask-once.tsx";
import { GearMenu } from "../ui/gear-menu.tsx";
import { useMay } from "../ui/session.ts";
import { say } from "../ui/toast.tsx";
import { settingsOf } from "./draft.ts";
import { workflowQuery, workflowsKey, workflowsQuery, workflowVerbs } from "./queries.ts";

/** The Action gear of a workflow: Settings, Duplicate, Delete. */
export function WorkflowMenu({ workflow, withSettings }: { workflow: WorkflowSummary; withSettings?: boolean }) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const admin = useMay("admin");
  const { id, name, pending } = workflow;
  const open = (to: number) => void navigate({ to: "/workflows/$id", params: { id: String(to) } });
  const refresh = () => queries.invalidateQueries({ queryKey: [...workflowsKey, "list"] });

  const duplicate = async () => {
    const [whole, { items }] = await Promise.all([
      queries.fetchQuery(workflowQuery(id)),
      queries.fetchQuery(workflowsQuery),
    ]);
    // switched off: two of the same would do everything twice
    const copy = await workflowVerbs.create({
      ...settingsOf(whole),
      name: freeName(name, new Set(items.map((item) => item.name))),
      active: false,
    });
    await refresh();
    say(`${copy.name} is made, switched off.`);
    open(copy.id);
  };
  const remove = async () => {
    await workflowVerbs.remove(id);
    await refresh();
    say(`${name} is deleted.`);
    void navigate({ to: "/workflows" });
  };
  const ask = () =>
    askOnce({
      title: `Delete ${name}?`,
      text:
        pending > 0
          ? `It fires no more, and ${pending.toLocaleString("en")} pending action${pending === 1 ? " is" : "s are"} skipped. Logs stay.`
          : "It fires no more. Logs stay.",
      verb: `Delete ${name}`,
      act: () => telling(remove(), `${name} is not deleted`),
    });
  const settings = { label: "Settings", icon: <IconAdjustments size={16} />, act: () => open(id) };
  if (!admin) return withSettings ? <GearMenu label={`${name}: actions`} items={[settings]} /> : null;
  return (
    <GearMenu
      label={`${name}: actions`}
      items={[
        ...(withSettings ? [settings] : []),
        { label: "Duplicate", icon: <IconCopy size={16} />, act: () => telling(duplicate(), `${name} is not copied`) },
        { label: "Delete…", icon: <IconTrash size={16} />, danger: true, act: ask },
      ]}
    />
  );
}

/** "Copy of Sold", and if that is taken "Copy 2 of Sold". */
function freeName(name: string, taken: ReadonlySet<string>): string {
  for (let copy = 1; ; copy++) {
    const made = `Copy ${copy === 1 ? "" : `${copy} `}of ${name}`.slice(0, 100);
    if (!taken.has(made)) return made;
  }
}

/** A gear has no place of its own for a fault. */
const telling = (work: Promise<void>, refused: string) =>
  void work.catch((error: unknown) => sayRefused(refused, error));
