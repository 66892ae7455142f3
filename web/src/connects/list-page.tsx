import { Button, Switch, TextInput } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconPencil, IconPlus, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { z } from "zod";
import type { ConnectSummary } from "../../../src/contracts/connect.ts";
import type { ConnectHours } from "../../../src/contracts/health.ts";
import { Method, Notice } from "../ui/atoms.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { Fault } from "../ui/fault.tsx";
import { LoadingRows } from "../ui/loading.tsx";
import { Outcome } from "../ui/outcome.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { useMay } from "../ui/session.ts";
import { Time } from "../ui/time.tsx";
import { useUrlState } from "../ui/use-url-state.ts";
import "./connects.css";
import { ConnectMenu } from "./connect-menu.tsx";
import { connectHoursQuery } from "./health-queries.ts";
import { connectsQuery } from "./queries.ts";
import { noHours, Sparkline } from "./sparkline.tsx";
import { standing } from "./standing.ts";
import { useSwitchConnect } from "./switch-connect.tsx";

const Search = z.object({ q: z.string().default("") });

/** Show Connect. */
export function ConnectListPage() {
  const { data, error, refetch } = useQuery(connectsQuery);
  const hoursOf = new Map(useQuery(connectHoursQuery).data?.items.map(({ id, hours }) => [id, hours]));
  const [{ q }, setUrl] = useUrlState(Search);
  const admin = useMay("admin");
  const switching = useSwitchConnect();
  const narrow = useMediaQuery("(max-width: 48em)", false, { getInitialValueInEffect: false });
  const navigate = useNavigate();
  if (data?.items.length === 0) return <NoConnect admin={admin} />;
  const found = (data?.items ?? []).filter((connect) => matches(connect, q));
  const loud = data?.items.filter((connect) => standing(connect).loud).length ?? 0;
  const add = () => void navigate({ to: "/connects/new" });
  return (
    <>
      <PageHead
        title="Show Connect"
        sub={data && countWords(data.items.length, loud)}
        acts={
          <>
            <TextInput
              className="hide-m asblock"
              leftSection={<IconSearch size={15} aria-hidden />}
              placeholder="Name or URL"
              aria-label="Search connects"
              w={220}
              value={q}
              onChange={(event) => setUrl({ q: event.currentTarget.value })}
            />
            {admin && (
              <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={add}>
                Add Connect
              </Button>
            )}
          </>
        }
      />
      <div className="pad" style={{ paddingTop: 6, paddingBottom: 8 }}>
        {error && <Fault what="The connects could not be read." error={error} again={() => void refetch()} />}
        {switching.fault && (
          <div role="alert">
            <Notice o="failed">{switching.fault}</Notice>
          </div>
        )}
      </div>
      {narrow ? (
        <ul className="plainlist">
          {found.map((connect) => (
            <NarrowRow
              key={connect.id}
              connect={connect}
              hours={hoursOf.get(connect.id) ?? noHours}
              switching={switching}
              admin={admin}
            />
          ))}
        </ul>
      ) : (
        <table className="tbl roomy">
          <caption className="sr">Connects</caption>
          <colgroup>
            <col style={{ width: "24%" }} />
            <col />
            <col style={{ width: 84 }} />
            <col style={{ width: 76 }} />
            <col style={{ width: 350 }} />
            <col style={{ width: 84 }} />
          </colgroup>
          <thead>
            <tr>
              <th>Name</th>
              <th>API URL</th>
              <th>Type</th>
              <th>Status</th>
              <th>Health, last 24 hours</th>
              <th className="r">Action</th>
            </tr>
          </thead>
          {data ? (
            <tbody>
              {found.map((connect) => (
                <Row
                  key={connect.id}
                  connect={connect}
                  hours={hoursOf.get(connect.id) ?? noHours}
                  switching={switching}
                  admin={admin}
                />
              ))}
            </tbody>
          ) : (
            !error && <LoadingRows columns={6} rows={5} />
          )}
        </table>
      )}
      {found.length > 0 && (
        <p className="pad dim barsnote">
          Bars: one an hour, the height is how many attempts, the colour their worst end.
        </p>
      )}
      {data && found.length === 0 && (
        <div className="nomatch">
          <b>No connect is called “{q}”</b>
          <Button size="xs" variant="default" onClick={() => setUrl({ q: "" })}>
            Show all {data.items.length}
          </Button>
        </div>
      )}
      {switching.dialog}
    </>
  );
}

const matches = (connect: ConnectSummary, q: string): boolean =>
  `${connect.name} ${connect.api_url}`.toLowerCase().includes(q.trim().toLowerCase());

function countWords(count: number, loud: number): string {
  const connects = `${count} connect${count === 1 ? "" : "s"}`;
  if (loud === 0) return `One connect for each vendor’s API. ${connects}.`;
  return `One connect for each vendor’s API. ${connects}, ${loud} need${loud === 1 ? "s" : ""} attention.`;
}

type StatusProps = { connect: ConnectSummary; switching: ReturnType<typeof useSwitchConnect>; admin: boolean };
type RowProps = StatusProps & { hours: ConnectHours["hours"] };

function StatusSwitch({ connect, switching, admin }: StatusProps) {
  return (
    <Switch
      checked={connect.active}
      disabled={!admin || switching.pending === connect.id}
      onChange={(event) => switching.switchTo(connect, event.currentTarget.checked)}
      aria-label={`${connect.name}: status`}
    />
  );
}

function NameLink({ connect }: { connect: ConnectSummary }) {
  return (
    <Link className="plain rowname" to="/connects/$id" params={{ id: String(connect.id) }}>
      {connect.name}
    </Link>
  );
}

function Row({ connect, hours, switching, admin }: RowProps) {
  const { o, words, loud } = standing(connect);
  return (
    <tr>
      <td>
        <NameLink connect={connect} />
      </td>
      <td className="mono dim" style={{ fontSize: 12 }} title={connect.api_url}>
        {connect.api_url.replace(/^https?:\/\//, "")}
      </td>
      <td>
        <Method>{connect.request_method}</Method>
      </td>
      <td>
        <StatusSwitch connect={connect} switching={switching} admin={admin} />
      </td>
      <td>
        <div className="healthcell">
          <Sparkline hours={hours} />
          <div>
            <div className="trunc">
              <Outcome o={o} word={words} quiet={!loud} />
            </div>
            {connect.last && (
              <div className="dim" style={{ fontSize: 12, paddingLeft: 21 }}>
                <Time at={connect.last.at} />
              </div>
            )}
          </div>
        </div>
      </td>
      <td className="r">
        <ConnectMenu connect={connect} withSettings />
      </td>
    </tr>
  );
}

function NarrowRow({ connect, hours, switching, admin }: RowProps) {
  const { o, words, loud } = standing(connect);
  return (
    <li className="cardrow">
      <div style={{ display: "flex", gap: 8, alignItems: "center", minWidth: 0 }}>
        <NameLink connect={connect} />
        <Method>{connect.request_method}</Method>
      </div>
      <div style={{ display: "flex", alignItems: "center", gap: 4, justifySelf: "end" }}>
        <StatusSwitch connect={connect} switching={switching} admin={admin} />
        <ConnectMenu connect={connect} withSettings />
      </div>
      <div className="trunc" style={{ fontSize: 13.5 }}>
        <Outcome o={o} word={words} quiet={!loud} />
        {connect.last && (
          <span className="dim" style={{ fontSize: 12.5, paddingLeft: 8 }}>
            <Time at={connect.last.at} />
          </span>
        )}
      </div>
      <div style={{ justifySelf: "end" }}>
        <Sparkline hours={hours} w={72} h={18} />
      </div>
    </li>
  );
}

function NoConnect({ admin }: { admin: boolean }) {
  const navigate = useNavigate();
  return (
    <>
      <PageHead title="Show Connect" />
      <EmptyState title="No vendor is connected yet">
        A connect holds one vendor’s API: where it is, how it knows you, and what its answers mean. Nothing is sent
        until you press Test or send a lead.
        {admin && (
          <div className="panel starts">
            <IconPencil size={20} stroke={1.7} style={{ color: "var(--pb-accent)", flex: "none" }} aria-hidden />
            <div style={{ flex: 1 }}>
              <div style={{ fontWeight: 600, color: "var(--mantine-color-text)" }}>Blank</div>
              <div className="dim" style={{ fontSize: 13 }}>
                Fill in settings A to J yourself, with the preview beside you.
              </div>
            </div>
            <Button onClick={() => void navigate({ to: "/connects/new" })}>Add Connect</Button>
          </div>
        )}
        {admin && (
          <p className="dim" style={{ fontSize: 13, margin: "16px 0 0" }}>
            New here?{" "}
            <Link className="lnk" to="/start">
              Send your first lead in three steps
            </Link>
          </p>
        )}
      </EmptyState>
    </>
  );
}
