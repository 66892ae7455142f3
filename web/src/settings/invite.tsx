import { TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Role } from "../../../src/contracts/endpoint.ts";
import { inviteUser } from "../../../src/contracts/endpoints/access.ts";
import { call } from "../api.ts";
import { problemPlaces, problemWords } from "../ui/problem-places.ts";
import { Time } from "../ui/time.tsx";
import { FormDrawer } from "./form-drawer.tsx";
import { RoleSelect } from "./role-select.tsx";
import { ShownOnce } from "./shown-once.tsx";
import { usersQuery } from "./users-query.ts";

/** Makes a one-time link for a person, and shows it this once. */
export function Invite({ close }: { close: () => void }) {
  const queries = useQueryClient();
  const [draft, setDraft] = useState<{ email: string; role: Role }>({ email: "", role: "operator" });
  const { mutate, data, error, isPending } = useMutation({ mutationFn: () => call(inviteUser, { body: draft }) });
  if (data)
    return (
      <ShownOnce
        title="The invitation’s link"
        secret={data.link}
        label="Copy link"
        close={() => {
          void queries.invalidateQueries({ queryKey: usersQuery.queryKey });
          close();
        }}
      >
        Give it to {draft.email} yourself: it works once, until <Time at={data.expires_at} form="full" />, and isn’t
        shown again.
      </ShownOnce>
    );
  return (
    <FormDrawer
      title="Invite a user"
      verb="Make the link"
      saving={isPending}
      fault={problemWords(error, ["email", "role"])}
      close={close}
      submit={(refused) => mutate(undefined, { onError: refused })}
    >
      <TextInput
        label="E-mail"
        type="email"
        data-autofocus
        value={draft.email}
        error={problemPlaces(error)["email"]}
        onChange={(event) => setDraft({ ...draft, email: event.currentTarget.value })}
      />
      <RoleSelect role={draft.role} set={(role) => setDraft({ ...draft, role })} />
    </FormDrawer>
  );
}
