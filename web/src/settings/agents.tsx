import { TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { agents, type Agent } from "../../../src/contracts/endpoints/dialler.ts";
import { call } from "../api.ts";
import { agentsQuery } from "../ui/dialler.ts";
import { Optional } from "./optional.tsx";
import type { Column, FieldsProps } from "./noun-props.ts";
import { Noun } from "./noun.tsx";

const columns: readonly Column<Agent>[] = [
  { head: "Number", cell: ({ number }) => number ?? <span className="dim">–</span>, width: 110 },
  { head: "Code", cell: ({ code }) => <span className="mono">{code}</span>, width: 130 },
  { head: "E-mail", cell: ({ email }) => email },
];

type Draft = { name: string; number: string; code: string; email: string };

/** The people who call. */
export default function Agents() {
  return (
    <Noun<Agent, Draft>
      noun="agent"
      title="Agents"
      intro="The people who call. Leads and calls name them by number, id or code; adaptors send their name and e-mail."
      found={useQuery(agentsQuery)}
      touches={[agentsQuery.queryKey]}
      nameOf={({ name }) => name}
      line={({ number, code, email }) => [number && `No. ${number}`, code, email].filter(Boolean).join(" · ")}
      columns={columns}
      draftOf={(item) => ({
        name: item?.name ?? "",
        number: item?.number ? String(item.number) : "",
        code: item?.code ?? "",
        email: item?.email ?? "",
      })}
      partNames={{ email: "E-mail" }}
      Fields={Fields}
      save={(item, { name, number, code, email }) => {
        const body = {
          name,
          // what isn't a number goes as it is typed, so that the server's words come back to the field
          number: number.trim() === "" ? null : Number(number),
          code: code.trim() || null,
          email: email.trim(),
        };
        return item
          ? call(agents.update, { params: { id: item.id }, body: { ...body, revision: item.revision } })
          : call(agents.create, { body });
      }}
      remove={({ id }) => call(agents.remove, { params: { id } })}
      removeWords="Leads and calls keep the number they have; its name is no longer known."
    />
  );
}

function Fields({ draft, set, places }: FieldsProps<Agent, Draft>) {
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
        label={<Optional>Number</Optional>}
        aria-label="Number"
        description="The dialler’s user id."
        inputMode="numeric"
        value={draft.number}
        error={places["number"]}
        onChange={(event) => set({ number: event.currentTarget.value })}
      />
      <TextInput
        label={<Optional>Code</Optional>}
        aria-label="Code"
        description="The dialler’s user name, where it has one."
        classNames={{ input: "mono" }}
        value={draft.code}
        error={places["code"]}
        maxLength={100}
        onChange={(event) => set({ code: event.currentTarget.value })}
      />
      <TextInput
        label={<Optional>E-mail</Optional>}
        aria-label="E-mail"
        type="email"
        value={draft.email}
        error={places["email"]}
        onChange={(event) => set({ email: event.currentTarget.value })}
      />
    </>
  );
}
