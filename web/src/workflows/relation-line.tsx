import { relationKinds, type Relation, type RelationKind } from "../../../src/contracts/workflow.ts";
import { nameOf, useChoices, type Choices } from "./choices.ts";
import { Several } from "./inputs.tsx";
import { Said } from "./remarks.tsx";
import { Pick, Value } from "./value.tsx";
import { anyOf } from "./words.ts";

const kinds: Record<RelationKind, { one: string; note: string }> = {
  campaign: { one: "Campaign", note: "Manual, outbound and inbound calls, and lead changes" },
  list: { one: "List", note: "Manual, outbound and inbound calls, and lead changes" },
  queue: { one: "Queue", note: "Inbound calls only" },
  inbound_number: { one: "Inbound number", note: "Inbound calls only" },
  email_template: { one: "E-mail template", note: "E-mails of this template" },
};

/** "List is November or Web"; "Campaign is any". */
export const sayRelation = ({ kind, of }: Relation, choices: Choices): string =>
  `${kinds[kind].one} is ${of === "all" ? "any" : anyOf(of.map((id) => nameOf(choices[kind], id)))}`;

/** What the lead or call must belong to: all of a kind, or chosen ones. */
export function RelationLine({ relation, set }: { relation: Relation; set: (relation: Relation) => void }) {
  const choices = useChoices();
  const { one } = kinds[relation.kind];
  const ids = relation.of === "all" ? [] : relation.of;
  const names = ids.map((id) => nameOf(choices[relation.kind], id));
  const shown = names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} more`] : names;
  return (
    <div className="wev">
      <div className="wevline">
        <span className="wevname">Relation</span>
        <span className="wevsays">
          <Pick
            label="Relation"
            value={relation.kind}
            choices={relationKinds.map((value) => ({ value, words: kinds[value].one, note: kinds[value].note }))}
            set={(kind) => set({ kind, of: "all" })}
          />{" "}
          is{" "}
          <Value label={one} words={relation.of === "all" ? "any" : anyOf(shown)}>
            {() => (
              <Several
                label={one}
                values={ids.map(String)}
                choices={choices[relation.kind]}
                none="There is none yet"
                help="None chosen: all of them, also those that come later."
                set={(chosen) => set({ ...relation, of: chosen.length === 0 ? "all" : chosen.map(Number) })}
              />
            )}
          </Value>
        </span>
      </div>
      <Said at="relation" />
    </div>
  );
}
