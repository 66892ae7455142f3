import { useState, type ReactNode } from "react";
import type { Condition, SimpleCondition } from "../../../src/contracts/workflow.ts";
import { labelOf } from "./condition-kinds.ts";
import { ConditionWords } from "./condition-words.tsx";
import { AddEvent } from "./add-event.tsx";
import { LineActs } from "./line-acts.tsx";
import { Said } from "./remarks.tsx";
import { useReadOnly } from "./value.tsx";

/** One event as a line that reads on as a sentence: blue when it is active; red, with the word Off, when it is not. */
export function EventCard({
  condition,
  path,
  fresh,
  set,
  remove,
}: {
  condition: Condition;
  path: string;
  fresh: boolean;
  set: (condition: Condition) => void;
  remove: () => void;
}) {
  const label = labelOf(condition);
  const head = (words: ReactNode) => (
    <div className="wevline">
      <span className="wevname">{label}</span>
      <span className="wevsays">{words}</span>
      <LineActs
        label={label}
        active={condition.active}
        set={(active) => set({ ...condition, active })}
        remove={remove}
      />
    </div>
  );
  return (
    <div className="wev" data-off={condition.active ? undefined : true}>
      {condition.type === "any_of" ? (
        <>
          {head(<span className="dim">one of these has to be true</span>)}
          <Members members={condition.events} path={`${path}.events`} set={(events) => set({ ...condition, events })} />
          <Said at={path} except={`${path}.events`} />
        </>
      ) : (
        <>
          {head(<ConditionWords condition={condition} set={set} fresh={fresh} />)}
          <Said at={path} />
        </>
      )}
    </div>
  );
}

/** The members of an “any of” group, each with its own switch. */
function Members({
  members,
  path,
  set,
}: {
  members: readonly SimpleCondition[];
  path: string;
  set: (members: SimpleCondition[]) => void;
}) {
  const [fresh, setFresh] = useState<number | null>(null);
  const readOnly = useReadOnly();
  return (
    <div className="wmembers">
      {members.map((member, index) => (
        // as with events: the place is the name
        // oxlint-disable-next-line react/no-array-index-key
        <div key={`${index} ${member.type}`} className="wmember" data-off={member.active ? undefined : true}>
          {index > 0 && <div className="wand">or</div>}
          <div className="wevline">
            <span className="wevname">{labelOf(member)}</span>
            <span className="wevsays">
              <ConditionWords
                condition={member}
                fresh={fresh === index}
                set={(next) => set(members.map((was, at) => (at === index ? next : was)))}
              />
            </span>
            <LineActs
              label={labelOf(member)}
              active={member.active}
              set={(active) => set(members.map((was, at) => (at === index ? { ...was, active } : was)))}
              remove={() => {
                setFresh(null);
                set(members.filter((_, at) => at !== index));
              }}
            />
          </div>
          <Said at={`${path}[${index}]`} />
        </div>
      ))}
      <Said at={path} exact />
      {!readOnly && (
        <AddEvent
          label="Add to the group"
          add={(member) => {
            setFresh(members.length);
            set([...members, member]);
          }}
        />
      )}
    </div>
  );
}
