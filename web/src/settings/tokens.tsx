import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { listTokens, revokeToken, type Token } from "../../../src/contracts/endpoints/access.ts";
import { call, wordsOf } from "../api.ts";
import { askOnce } from "../ui/ask-once.tsx";
import { listsQuery } from "../ui/dialler.ts";
import { Fault } from "../ui/fault.tsx";
import { InsertCurl } from "../ui/insert-curl.tsx";
import { LoadingRows } from "../ui/loading.tsx";
import { Time } from "../ui/time.tsx";
import { say } from "../ui/toast.tsx";
import { NewToken, type MadeToken } from "./new-token.tsx";
import { ShownOnce } from "./shown-once.tsx";

const tokensQuery = queryOptions({
  queryKey: ["tokens"],
  queryFn: ({ signal }) => call(listTokens, { query: { limit: 1000 } }, signal),
});

/** What other programs come in with. */
export default function Tokens() {
  const { data, error, refetch } = useQuery(tokensQuery);
  const queries = useQueryClient();
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<MadeToken | null>(null);
  const changed = () => void queries.invalidateQueries({ queryKey: tokensQuery.queryKey });
  const revocation = useMutation({
    mutationFn: ({ id }: Token) => call(revokeToken, { params: { id } }),
    onSuccess: (_, { name }) => {
      changed();
      say(`${name} is revoked`);
    },
    onError: (problem, { name }) =>
      askOnce({
        title: `${name} is not revoked`,
        text: wordsOf(problem),
        verb: "Close",
        keep: "Back",
        danger: false,
        act: () => {},
      }),
  });
  const revoke = (token: Token) => (
    <button
      type="button"
      className="lnk"
      aria-label={`Revoke ${token.name}`}
      onClick={() =>
        askOnce({
          title: `Revoke ${token.name}?`,
          text: "Whoever uses it is refused from now on. It can’t be brought back; make a new one instead.",
          verb: "Revoke token",
          act: () => revocation.mutate(token),
        })
      }
    >
      Revoke
    </button>
  );
  return (
    <>
      <div className="shead">
        <h2>API tokens</h2>
        <Button
          size="xs"
          variant="default"
          ml="auto"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => setMaking(true)}
        >
          Add token
        </Button>
        <p>Vendors, web forms and scripts come in with a token. Give each its own, with the least it needs.</p>
      </div>
      {error && (
        <div className="pad">
          <Fault what="The tokens could not be loaded." error={error} again={() => void refetch()} />
        </div>
      )}
      {data?.items.length === 0 ? (
        <div className="snone dim">None yet.</div>
      ) : (
        <TokenTable items={data?.items ?? null} revoke={revoke} />
      )}
      {making && (
        <NewToken
          close={() => setMaking(false)}
          done={(token) => {
            setMaking(false);
            setMade(token);
            changed();
          }}
        />
      )}
      {made && <TokenOnce token={made} close={() => setMade(null)} />}
    </>
  );
}

function TokenTable({ items, revoke }: { items: readonly Token[] | null; revoke: (token: Token) => React.ReactNode }) {
  return (
    <>
      <table className="tbl resp" aria-label="API tokens">
        <colgroup>
          <col />
          <col />
          <col style={{ width: 110 }} />
          <col style={{ width: 130 }} />
          <col style={{ width: 150 }} />
          <col style={{ width: 92 }} />
        </colgroup>
        <thead>
          <tr>
            <th>Name</th>
            <th>May</th>
            <th>A second</th>
            <th>Last used</th>
            <th>Ends</th>
            <th className="r">Action</th>
          </tr>
        </thead>
        {items ? (
          <tbody>
            {items.map((token) => (
              <tr key={token.id} className={isOver(token) ? "gone" : undefined}>
                <td style={{ fontWeight: 550 }}>{token.name}</td>
                <td className="t2">{accessWords(token)}</td>
                <td className="num">{token.rate_per_second ?? <span className="dim">no limit</span>}</td>
                <td>{token.last_used_at ? <Time at={token.last_used_at} /> : <span className="dim">never</span>}</td>
                <td>{endWords(token)}</td>
                <td className="r">{!token.revoked_at && revoke(token)}</td>
              </tr>
            ))}
          </tbody>
        ) : (
          <LoadingRows columns={6} rows={3} />
        )}
      </table>
      <div className="slines">
        {items?.map((token) => (
          <div key={token.id} className="sline" style={{ paddingRight: 16 }}>
            <div>
              <span className={isOver(token) ? "dim" : undefined} style={{ fontWeight: 550 }}>
                {token.name}
              </span>
              <div className="dim trunc" style={{ fontSize: 13 }}>
                {accessWords(token)} · {endWords(token)}
              </div>
            </div>
            {!token.revoked_at && revoke(token)}
          </div>
        ))}
      </div>
    </>
  );
}

/** The secret, this once, with a call to try. */
function TokenOnce({ token, close }: { token: MadeToken; close: () => void }) {
  const { data: lists } = useQuery(listsQuery);
  const insertsLeads = token.access.some((access) => access !== "admin");
  return (
    <ShownOnce
      title={`Token ${token.name}`}
      secret={token.secret}
      label="Copy token"
      close={close}
      more={
        insertsLeads && (
          <div>
            <div style={{ fontSize: 13, fontWeight: 550, marginBottom: 6 }}>Try it</div>
            <InsertCurl token={token.secret} listId={lists?.items[0]?.id ?? null} />
          </div>
        )
      }
    >
      Copy it now: it isn’t shown again, and Patchbay keeps no copy that could be read.
    </ShownOnce>
  );
}

const isOver = ({ revoked_at, expires_at }: Token): boolean =>
  revoked_at !== null || (expires_at !== null && Date.parse(expires_at) < Date.now());

function accessWords({ access }: Token): string {
  const words: Record<string, string> = {
    "leads/insert": "insert leads",
    leads: "everything with leads",
    events: "send events",
    dnc: "DNC numbers",
    admin: "everything (admin API)",
  };
  return access.map((section) => words[section] ?? section).join(", ");
}

function endWords({ revoked_at, expires_at }: Token) {
  if (revoked_at) return "Revoked";
  if (!expires_at) return <span className="dim">No end</span>;
  return (
    <>
      {Date.parse(expires_at) < Date.now() && "Ran out "}
      <Time at={expires_at} form="day" />
    </>
  );
}
