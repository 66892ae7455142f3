import { Button } from "@mantine/core";
import { IconCopy, IconPlus, IconSettings, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import type { AdaptorSummary } from "../../../src/contracts/endpoints/connects.ts";
import { Outcome } from "../ui/outcome.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { Fault } from "../ui/fault.tsx";
import { GearMenu } from "../ui/gear-menu.tsx";
import { LoadingRows } from "../ui/loading.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { useMay } from "../ui/session.ts";
import { Time } from "../ui/time.tsx";
import { adaptorsQuery } from "./queries.ts";
import { useDeleteAdaptor } from "./use-delete-adaptor.ts";

/** Every adaptor: how much it maps, and who uses it. */
export function AdaptorListPage() {
  const { data, error, refetch } = useQuery(adaptorsQuery);
  const mayChange = useMay("admin");
  const none = data?.items.length === 0;
  const add = (
    <Button component={Link} to="/adaptors/new" leftSection={<IconPlus size={16} aria-hidden />}>
      Add Adaptor
    </Button>
  );
  return (
    <>
      <PageHead title="Adaptors" acts={mayChange && !none && add} />
      {error && (
        <div className="pad">
          <Fault what="The adaptors could not be loaded." error={error} again={() => void refetch()} />
        </div>
      )}
      {none ? (
        <EmptyState title="Say what the vendor calls each field" acts={mayChange && add}>
          An adaptor writes the vendor’s name beside each field of a lead, and how dates, phones and values are to be
          written. Any number of connects can send through one adaptor.
        </EmptyState>
      ) : (
        !(error && !data) && <AdaptorTable items={data?.items ?? null} />
      )}
    </>
  );
}

function AdaptorTable({ items }: { items: readonly AdaptorSummary[] | null }) {
  return (
    <>
      <table className="tbl resp" style={{ marginTop: 12 }}>
        <colgroup>
          <col />
          <col style={{ width: 100 }} />
          <col />
          <col style={{ width: 120 }} />
          <col style={{ width: 84 }} />
        </colgroup>
        <thead>
          <tr>
            <th>Name</th>
            <th className="r">Mapped</th>
            <th style={{ paddingLeft: 24 }}>Used by</th>
            <th>Saved</th>
            <th className="r">Action</th>
          </tr>
        </thead>
        {items ? (
          <tbody>
            {items.map((adaptor) => (
              <tr key={adaptor.id}>
                <td>
                  <NameLink adaptor={adaptor} />
                </td>
                <td className="r">{adaptor.mapped}</td>
                <td style={{ paddingLeft: 24 }} className="t2">
                  <Users connects={adaptor.used_by} />
                </td>
                <td className="dim">
                  <Time at={adaptor.saved_at} />
                </td>
                <td className="r">
                  <Gear adaptor={adaptor} />
                </td>
              </tr>
            ))}
          </tbody>
        ) : (
          <LoadingRows columns={5} />
        )}
      </table>
      <div className="mlist" style={{ marginTop: 10 }}>
        {items?.map((adaptor) => (
          <div
            key={adaptor.id}
            style={{ display: "flex", alignItems: "center", borderBottom: "1px solid var(--pb-line)" }}
          >
            <Link
              className="plain"
              to="/adaptors/$id"
              params={{ id: String(adaptor.id) }}
              style={{ flex: 1, minWidth: 0, padding: "10px 0 10px 16px" }}
            >
              <div style={{ fontWeight: 550 }} className="trunc">
                {adaptor.name}
                {!adaptor.active && <span className="dim"> · not active</span>}
              </div>
              <div className="dim trunc" style={{ fontSize: 13 }}>
                {adaptor.mapped} mapped ·{" "}
                {adaptor.used_by.length > 0
                  ? `used by ${adaptor.used_by.map(({ name }) => name).join(", ")}`
                  : "not used"}
              </div>
            </Link>
            <span style={{ paddingRight: 8 }}>
              <Gear adaptor={adaptor} />
            </span>
          </div>
        ))}
      </div>
    </>
  );
}

function NameLink({ adaptor }: { adaptor: AdaptorSummary }) {
  return (
    <div style={{ display: "flex", gap: 10, alignItems: "center" }}>
      <Link className="plain trunc" style={{ fontWeight: 550 }} to="/adaptors/$id" params={{ id: String(adaptor.id) }}>
        {adaptor.name}
      </Link>
      {!adaptor.active && <Outcome o="held" word="Not active" quiet />}
    </div>
  );
}

function Users({ connects }: { connects: AdaptorSummary["used_by"] }) {
  if (connects.length === 0) return <span className="dim">Not used</span>;
  return connects.map(({ id, name }, at) => (
    <span key={id}>
      {at > 0 && ", "}
      <Link className="plain" to="/connects/$id" params={{ id: String(id) }}>
        {name}
      </Link>
    </span>
  ));
}

function Gear({ adaptor }: { adaptor: AdaptorSummary }) {
  const navigate = useNavigate();
  const mayChange = useMay("admin");
  const remove = useDeleteAdaptor();
  const open = () => void navigate({ to: "/adaptors/$id", params: { id: String(adaptor.id) } });
  const copy = () =>
    void navigate({ to: "/adaptors/$id", params: { id: "new" }, search: { from: String(adaptor.id) } });
  const settings = { label: "Settings", icon: <IconSettings size={16} aria-hidden />, act: open };
  const items = mayChange
    ? [
        settings,
        { label: "Duplicate", icon: <IconCopy size={16} aria-hidden />, act: copy },
        { label: "Delete…", icon: <IconTrash size={16} aria-hidden />, danger: true, act: () => remove(adaptor) },
      ]
    : [settings];
  return <GearMenu label={`Actions for ${adaptor.name}`} items={items} />;
}
