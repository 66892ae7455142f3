import { TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { inboundNumbers, queues, type InboundNumber, type Queue } from "../../../src/contracts/endpoints/dialler.ts";
import { call } from "../api.ts";
import { inboundNumbersQuery, queuesQuery } from "../ui/workflow-choices.ts";
import { Optional } from "./optional.tsx";
import type { Column, FieldsProps } from "./noun-props.ts";
import { Noun } from "./noun.tsx";
import { SeenOnly } from "./seen-only.tsx";

type Item = Queue | InboundNumber;
type Draft = { name: string; code: string };

const columns: readonly Column<Item>[] = [
  { head: "Id", cell: ({ id }) => id, width: 80 },
  { head: "Code", cell: ({ code }) => <span className="mono">{code}</span> },
  { head: "Known from", cell: (item) => <SeenOnly item={item} /> },
];

const shared = {
  nameOf: ({ name }: Item) => name,
  line: ({ id, code }: Item) => [`Id ${id}`, code].filter(Boolean).join(" · "),
  columns,
  draftOf: (item: Item | null): Draft => ({ name: item?.name ?? "", code: item?.code ?? "" }),
};

const bodyOf = ({ name, code }: Draft) => ({ name, code: code.trim() || null });

/** What inbound calls come through. */
export default function Queues() {
  return (
    <>
      <Noun<Queue, Draft>
        {...shared}
        noun="queue"
        title="Queues"
        intro="What inbound calls wait in. The dialler’s events name them by id or code; one that nobody knew is added."
        found={useQuery(queuesQuery)}
        touches={[queuesQuery.queryKey]}
        Fields={QueueFields}
        save={(item, draft) =>
          item
            ? call(queues.update, { params: { id: item.id }, body: { ...bodyOf(draft), revision: item.revision } })
            : call(queues.create, { body: bodyOf(draft) })
        }
        remove={({ id }) => call(queues.remove, { params: { id } })}
        removeWords="Calls keep what they have. An event that names it adds it again."
      />
      <Noun<InboundNumber, Draft>
        {...shared}
        noun="inbound number"
        title="Inbound numbers"
        intro="The numbers that callers dial."
        found={useQuery(inboundNumbersQuery)}
        touches={[inboundNumbersQuery.queryKey]}
        Fields={NumberFields}
        save={(item, draft) =>
          item
            ? call(inboundNumbers.update, {
                params: { id: item.id },
                body: { ...bodyOf(draft), revision: item.revision },
              })
            : call(inboundNumbers.create, { body: bodyOf(draft) })
        }
        remove={({ id }) => call(inboundNumbers.remove, { params: { id } })}
        removeWords="Calls keep what they have. An event that names it adds it again."
      />
    </>
  );
}

const QueueFields = (props: FieldsProps<Queue, Draft>) => (
  <Fields {...props} help="The dialler’s own name for it, such as sales-in." />
);
const NumberFields = (props: FieldsProps<InboundNumber, Draft>) => (
  <Fields {...props} help="The number as the dialler writes it, such as 3105550100." />
);

function Fields({
  draft,
  set,
  places,
  help,
}: Pick<FieldsProps<Item, Draft>, "draft" | "set" | "places"> & { help: string }) {
  return (
    <>
      <TextInput
        label="Name"
        data-autofocus
        value={draft.name}
        error={places["name"]}
        maxLength={200}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      <TextInput
        label={<Optional>Code</Optional>}
        aria-label="Code"
        description={help}
        classNames={{ input: "mono" }}
        value={draft.code}
        error={places["code"]}
        maxLength={100}
        onChange={(event) => set({ code: event.currentTarget.value })}
      />
    </>
  );
}
