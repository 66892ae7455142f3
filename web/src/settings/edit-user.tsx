import { Switch, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { listUsers, updateUser } from "../../../src/contracts/endpoints/access.ts";
import { call } from "../api.ts";
import { ConflictDrawer, type Choices } from "../ui/conflict.tsx";
import { problemPlaces, problemWords } from "../ui/problem-places.ts";
import { sessionKey } from "../ui/session.ts";
import { changedPlaces, withChoices } from "../ui/three-way.ts";
import { say } from "../ui/toast.tsx";
import { conflictWords, isConflict, useConflict } from "../ui/use-conflict.ts";
import { FormDrawer } from "./form-drawer.tsx";
import { RoleSelect } from "./role-select.tsx";
import { usersQuery, type User } from "./users-query.ts";

type Draft = Pick<User, "name" | "role" | "active">;
const draftOf = ({ name, role, active }: User): Draft => ({ name, role, active });
const partNames: Record<keyof Draft, string> = { name: "Name", role: "Role", active: "May sign in" };

/** A user's name, role, and whether they may sign in. */
export function EditUser({ user: first, close }: { user: User; close: () => void }) {
  const queries = useQueryClient();
  const [user, setUser] = useState(first);
  const [draft, setDraft] = useState(draftOf(user));
  const conflict = useConflict(async () => {
    const { items } = await call(listUsers, { query: { limit: 1000 } });
    return items.find(({ id }) => id === user.id) ?? user;
  });
  const { mutate, error, isPending } = useMutation({
    mutationFn: ({ on, values }: { on: User; values: Draft }) =>
      call(updateUser, { params: { id: on.id }, body: { ...values, revision: on.revision } }),
    onSuccess: ({ name }) => {
      void queries.invalidateQueries({ queryKey: usersQuery.queryKey });
      void queries.invalidateQueries({ queryKey: sessionKey });
      say(`${name} is saved`);
      close();
    },
  });
  const { met } = conflict;
  const changed = met ? changedPlaces(draftOf(user), draft, draftOf(met.theirs)) : [];
  const resolve = (on: User, choices: Choices) => {
    const values = withChoices(draft, draftOf(on), changed, choices);
    setUser(on);
    setDraft(values);
    conflict.leave();
    mutate({ on, values });
  };
  const places = problemPlaces(error);
  return (
    <FormDrawer
      title={`Edit ${user.name}`}
      verb="Save user"
      saving={isPending}
      fault={isConflict(error) ? conflictWords : problemWords(error, Object.keys(draft))}
      close={close}
      submit={(refused) =>
        mutate(
          { on: user, values: draft },
          { onError: (problem) => void conflict.meet(problem).then((isMet) => isMet || refused()) },
        )
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
      {met && (
        <ConflictDrawer
          saved={met.saved}
          places={changed}
          words={{ name: ({ key }) => partNames[key as keyof Draft] }}
          verb="Save user"
          saving={isPending}
          save={(choices) => resolve(met.theirs, choices)}
          back={conflict.leave}
        />
      )}
    </FormDrawer>
  );
}
