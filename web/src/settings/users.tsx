import { Button, Select, Switch, TextInput } from "@mantine/core";
import { IconPencil, IconPlus } from "@tabler/icons-react";
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { z } from "zod";
import type { Role } from "../../../src/contracts/endpoint.ts";
import { inviteUser, listUsers, updateUser, type User as UserSchema } from "../../../src/contracts/endpoints/access.ts";
import { call } from "../api.ts";
import { Fault } from "../ui/fault.tsx";
import { LoadingRows } from "../ui/loading.tsx";
import { problemPlaces, problemWords } from "../ui/problem-places.ts";
import { sessionKey, useSession } from "../ui/session.ts";
import { Time } from "../ui/time.tsx";
import { say } from "../ui/toast.tsx";
import { FormDrawer } from "./noun-drawer.tsx";
import { ShownOnce } from "./shown-once.tsx";

type User = z.infer<typeof UserSchema>;

const usersQuery = queryOptions({
  queryKey: ["users"],
  queryFn: ({ signal }) => call(listUsers, { query: { limit: 1000 } }, signal),
});

const roleWords: Record<Role, string> = { viewer: "Viewer", operator: "Operator", admin: "Admin" };

/** Who may sign in, and what they may do. */
export default function Users() {
  const { data, error, refetch } = useQuery(usersQuery);
  const { user: me } = useSession();
  const [open, setOpen] = useState<User | "invite" | null>(null);
  const edit = (user: User) => (
    <button type="button" className="iconbtn" aria-label={`Edit ${user.name}`} onClick={() => setOpen(user)}>
      <IconPencil size={16} aria-hidden />
    </button>
  );
  const name = (user: User) => (
    <button type="button" className="more" style={{ fontWeight: 550 }} onClick={() => setOpen(user)}>
      {user.name}
      {user.id === me.id && <span className="dim"> (you)</span>}
    </button>
  );
  return (
    <>
      <div className="shead">
        <h2>Users</h2>
        <Button
          size="xs"
          variant="default"
          ml="auto"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => setOpen("invite")}
        >
          Invite a user
        </Button>
        <p>A viewer reads, with personal data masked. An operator also retries and tests. An admin changes settings.</p>
      </div>
      {error && (
        <div className="pad">
          <Fault what="The users could not be loaded." error={error} again={() => void refetch()} />
        </div>
      )}
      <table className="tbl resp" aria-label="Users">
        <colgroup>
          <col />
          <col />
          <col style={{ width: 110 }} />
          <col style={{ width: 130 }} />
          <col style={{ width: 120 }} />
          <col style={{ width: 76 }} />
        </colgroup>
        <thead>
          <tr>
            <th>Name</th>
            <th>Email</th>
            <th>Role</th>
            <th>May sign in</th>
            <th>Since</th>
            <th className="r">Action</th>
          </tr>
        </thead>
        {data ? (
          <tbody>
            {data.items.map((user) => (
              <tr key={user.id} className={user.active ? undefined : "gone"}>
                <td>{name(user)}</td>
                <td className="t2">{user.email}</td>
                <td>{roleWords[user.role]}</td>
                <td>{user.active ? "Yes" : "No"}</td>
                <td className="dim">
                  <Time at={user.created_at} form="day" />
                </td>
                <td className="r">{edit(user)}</td>
              </tr>
            ))}
          </tbody>
        ) : (
          <LoadingRows columns={6} rows={3} />
        )}
      </table>
      <div className="slines">
        {data?.items.map((user) => (
          <div key={user.id} className="sline">
            <div>
              {name(user)}
              <div className="dim trunc" style={{ fontSize: 13 }}>
                {roleWords[user.role]} · {user.active ? user.email : "may not sign in"}
              </div>
            </div>
            {edit(user)}
          </div>
        ))}
      </div>
      {open === "invite" && <Invite close={() => setOpen(null)} />}
      {open !== null && open !== "invite" && <EditUser user={open} close={() => setOpen(null)} />}
    </>
  );
}

function RoleSelect({ role, set }: { role: Role; set: (role: Role) => void }) {
  return (
    <Select
      label="Role"
      data={Object.entries(roleWords).map(([value, label]) => ({ value, label }))}
      value={role}
      onChange={(value) => value && set(value as Role)}
    />
  );
}

function EditUser({ user, close }: { user: User; close: () => void }) {
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

function Invite({ close }: { close: () => void }) {
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
        label="Email"
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
