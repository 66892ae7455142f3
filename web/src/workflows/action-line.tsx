import { Menu } from "@mantine/core";
import type { Action } from "../../../src/contracts/workflow.ts";
import { actionKind } from "./action-kinds.ts";
import { ActionWords } from "./action-words.tsx";
import { LineActs } from "./line-acts.tsx";
import { Said } from "./remarks.tsx";
import { Pick } from "./value.tsx";

/** One action, as a line that reads on as a sentence. */
export function ActionLine({
  action,
  path,
  fresh,
  set,
  remove,
  duplicate,
}: {
  action: Action;
  path: string;
  fresh: boolean;
  set: (action: Action) => void;
  remove: () => void;
  duplicate: () => void;
}) {
  const kind = actionKind(action.type)!;
  const Icon = kind.icon;
  return (
    <div className="wact" data-off={action.active ? undefined : true}>
      <div className="wevline">
        <Icon size={17} stroke={1.8} className="wacticon" aria-hidden />
        <span className="wevsays">
          <b className="wactname">{kind.label}:</b> <ActionWords action={action} set={set} fresh={fresh} />
          {sendsLead(action) && (
            <>
              , with the lead{" "}
              <Pick
                label="Which values"
                value={action.latest_values ? "latest" : "event"}
                choices={[
                  { value: "event", words: "as it was at the event" },
                  {
                    value: "latest",
                    words: "as it is then",
                    note: "Latest values: what was changed meanwhile is seen",
                  },
                ]}
                set={(which) => set({ ...action, latest_values: which === "latest" })}
              />
            </>
          )}
          {!sendsLead(action) && action.latest_values && <span className="t2">, with the latest values</span>}
          {action.skip_if_live_call && <span className="t2">, skipped if a live call is in progress</span>}
        </span>
        <LineActs
          label={kind.label}
          active={action.active}
          set={(active) => set({ ...action, active })}
          remove={remove}
          duplicate={duplicate}
          more={
            <>
              <Menu.CheckboxItem
                closeMenuOnClick
                checked={action.skip_if_live_call}
                onChange={(on) => set({ ...action, skip_if_live_call: on })}
              >
                Skip if live call
              </Menu.CheckboxItem>
              {!sendsLead(action) && (
                <Menu.CheckboxItem
                  closeMenuOnClick
                  checked={action.latest_values}
                  onChange={(on) => set({ ...action, latest_values: on })}
                >
                  Latest values
                </Menu.CheckboxItem>
              )}
            </>
          }
        />
      </div>
      <Said at={path} />
    </div>
  );
}

const sendsLead = ({ type }: Action): boolean =>
  ["integration", "email", "sms", "voice_broadcast", "ringless_voicemail"].includes(type);
