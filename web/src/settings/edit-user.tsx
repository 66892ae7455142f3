import { Switch, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { updateUser } from "../../../src/contracts/endpoints/access.ts";
import { call } from "../api.ts";
import { problemPlaces, problemWords } from "../ui/problem-places.ts";
import { sessionKey } from "../ui/session.ts";
import { say } from "../ui/toast.tsx";
import { FormDrawer } from "./form-drawer.tsx";
import { RoleSelect } from "./role-select.tsx";
import { usersQuery, type User } from "./users-query.ts";

/** A user's name, role, and whether they may sign in. */
export function EditUser({ user, close }: { user: User; close: () => void }) {
  const queries = useQueryClient();
  const [draft, setDraft] = useState({ name: user.name, role: user.role, active: user.active });
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => call(updateUser, { params: { id: user.id }, body: draft }),
  });
  const places = problemPlaces(error);
  return (
    <FormDrawer
      title={`Edit ${user.name}`}
      verb="Save user"
      saving={isPending}
      fault={problemWords(error, Object.keys(draft))}
      close={close}
      submit={(refused) =>
        mutate(undefined, {
          onSuccess: ({ name }) => {
            void queries.invalidateQueries({ queryKey: usersQuery.queryKey });
            void queries.invalidateQueries({ queryKey: sessionKey });
            say(`${name} is saved`);
            close();
          },
          onError: refused,
        })
      }
    >
      <TextInput
        label="Name"
        data-autofocus
        value={draft.name}
        error={places["name"]}
        maxLength={100}
        onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
      />
      <RoleSelect role={draft.role} set={(role) => setDraft({ ...draft, role })} />
      <Switch
        label="May sign in"
        description="Switched off, the user is signed out everywhere at once"
        checked={draft.active}
        onChange={(event) => setDraft({ ...draft, active: event.currentTarget.checked })}
      />
    </FormDrawer>
  );
}
