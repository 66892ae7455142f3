import { Button, Menu } from "@mantine/core";
import { IconClock, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import type { Action, ActionSet, Schedule } from "../../../src/contracts/workflow.ts";
import { actionKinds } from "./action-kinds.ts";
import { ActionLine } from "./action-line.tsx";
import { DelayValue, WindowValue, ZoneValue } from "./delay-value.tsx";
import { LineMenu } from "./line-acts.tsx";
import { Said } from "./remarks.tsx";
import { useReadOnly } from "./value.tsx";

/** What is done, and when: sets of actions, each with its delay and window. */
export function ActionSets({
  sets,
  schedule,
  set,
  setSchedule,
}: {
  sets: readonly ActionSet[];
  schedule: Schedule;
  set: (sets: ActionSet[]) => void;
  setSchedule: (schedule: Schedule) => void;
}) {
  const readOnly = useReadOnly();
  return (
    <>
      {sets.map((one, index) => (
        // a set has no name of its own; its place is what problems call it by
        // oxlint-disable-next-line react/no-array-index-key
        <section key={index} className="waset" aria-label={`Action set ${index + 1}`}>
          <header>
            <IconClock size={16} className="dim" aria-hidden />
            <span>
              <DelayValue delay={one.delay} set={(delay) => set(replaced(sets, index, { ...one, delay }))} />,{" "}
              <WindowValue window={one.window} set={(window) => set(replaced(sets, index, { ...one, window }))} />
              {one.window !== "24hr" && (
                <>
                  {" "}
                  in <ZoneValue schedule={schedule} set={setSchedule} />
                </>
              )}
            </span>
            {!readOnly && (
              <LineMenu
                label={`Action set ${index + 1}`}
                remove={() => set(sets.filter((_, at) => at !== index))}
                duplicate={() => set([...sets.slice(0, index + 1), one, ...sets.slice(index + 1)])}
              />
            )}
          </header>
          <Said at={`action_sets[${index}].delay`} />
          <Said at={`action_sets[${index}].window`} />
          <Actions
            actions={one.actions}
            path={`action_sets[${index}].actions`}
            set={(actions) => set(replaced(sets, index, { ...one, actions }))}
          />
        </section>
      ))}
      <Said at="action_sets" exact />
      {!readOnly && (
        <div className="wadd">
          <Button
            size="xs"
            variant="subtle"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => set([...sets, { delay: sets.length === 0 ? "none" : "1d", window: "24hr", actions: [] }])}
          >
            Add action set
          </Button>
        </div>
      )}
    </>
  );
}

const replaced = <T,>(list: readonly T[], index: number, item: T): T[] =>
  list.map((was, at) => (at === index ? item : was));

function Actions({
  actions,
  path,
  set,
}: {
  actions: readonly Action[];
  path: string;
  set: (actions: Action[]) => void;
}) {
  const [fresh, setFresh] = useState<number | null>(null);
  const readOnly = useReadOnly();
  return (
    <>
      {actions.map((action, index) => (
        <ActionLine
          // as with events: the place is the name
          // oxlint-disable-next-line react/no-array-index-key
          key={`${index} ${action.type}`}
          action={action}
          path={`${path}[${index}]`}
          fresh={fresh === index}
          set={(next) => set(replaced(actions, index, next))}
          duplicate={() => set([...actions.slice(0, index + 1), action, ...actions.slice(index + 1)])}
          remove={() => {
            setFresh(null);
            set(actions.filter((_, at) => at !== index));
          }}
        />
      ))}
      <Said at={path} exact />
      {!readOnly && (
        <div className="wact add">
          <Menu position="bottom-start" width={320}>
            <Menu.Target>
              <Button size="xs" variant="subtle" leftSection={<IconPlus size={14} aria-hidden />}>
                Add action
              </Button>
            </Menu.Target>
            <Menu.Dropdown className="valmenu">
              {actionKinds.map(({ type, label, does, icon: Icon, blank }) => (
                <Menu.Item
                  key={type}
                  leftSection={<Icon size={16} stroke={1.8} aria-hidden />}
                  onClick={() => {
                    setFresh(actions.length);
                    set([...actions, blank]);
                  }}
                >
                  <span style={{ fontWeight: 550 }}>{label}</span>
                  <span className="valnote">{does}</span>
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        </div>
      )}
    </>
  );
}
