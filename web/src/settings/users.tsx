import { Button } from "@mantine/core";
import { IconPencil, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Fault } from "../ui/fault.tsx";
import { LoadingRows } from "../ui/loading.tsx";
import { useSession } from "../ui/session.ts";
import { Time } from "../ui/time.tsx";
import { EditUser } from "./edit-user.tsx";
import { Invite } from "./invite.tsx";
import { roleWords, usersQuery, type User } from "./users-query.ts";

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
            <th>E-mail</th>
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
