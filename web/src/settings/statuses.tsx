import { Switch, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { statuses, type Status } from "../../../src/contracts/endpoints/dialler.ts";
import { call } from "../api.ts";
import { statusesQuery } from "../ui/dialler.ts";
import type { Column, FieldsProps } from "./noun-props.ts";
import { Noun } from "./noun.tsx";

const columns: readonly Column<Status>[] = [
  { head: "Code", cell: ({ code }) => <span className="mono">{code}</span> },
  { head: "Reached", cell: ({ reached }) => (reached ? "Yes" : <span className="dim">No</span>), width: 110 },
  { head: "Final", cell: ({ final }) => (final ? "Yes" : <span className="dim">No</span>), width: 110 },
];

type Draft = { code: string; name: string; reached: boolean; final: boolean };

/** What a lead can be: the abbreviation that vendors and diallers send, and its name in full. */
export default function Statuses() {
  return (
    <Noun<Status, Draft>
      noun="status"
      title="Statuses"
      intro="A lead has one status, told by its code. Adaptors can send the code (status) or the name (status_name)."
      found={useQuery(statusesQuery)}
      touches={[statusesQuery.queryKey, ["leads"]]}
      nameOf={({ name }) => name}
      line={({ code, reached, final }) => [code, reached && "reached", final && "final"].filter(Boolean).join(" · ")}
      columns={columns}
      draftOf={(item) => ({
        code: item?.code ?? "",
        name: item?.name ?? "",
        reached: item?.reached ?? false,
        final: item?.final ?? false,
      })}
      Fields={Fields}
      save={(item, body) =>
        item
          ? call(statuses.update, { params: { id: item.id }, body: { ...body, revision: item.revision } })
          : call(statuses.create, { body })
      }
      remove={({ id }) => call(statuses.remove, { params: { id } })}
      removeWords="A status that leads have stays."
    />
  );
}

function Fields({ draft, set, places }: FieldsProps<Status, Draft>) {
  return (
    <>
      <TextInput
        label="Code"
        data-autofocus
        description="What is sent and stored, such as NI or SALE."
        classNames={{ input: "mono" }}
        value={draft.code}
        error={places["code"]}
        maxLength={100}
        onChange={(event) => set({ code: event.currentTarget.value })}
      />
      <TextInput
        label="Name"
        description="In full, such as Not Interested."
        value={draft.name}
        error={places["name"]}
        maxLength={200}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      <Switch
        label="Reached"
        description="The person was spoken to"
        checked={draft.reached}
        onChange={(event) => set({ reached: event.currentTarget.checked })}
      />
      <Switch
        label="Final"
        description="Nothing more is done with the lead"
        checked={draft.final}
        onChange={(event) => set({ final: event.currentTarget.checked })}
      />
    </>
  );
}
