import type { ReactNode } from "react";
import type { Token } from "../../../src/contracts/endpoints/access.ts";
import { LoadingRows } from "../ui/loading.tsx";
import { Time } from "../ui/time.tsx";

/** Tokens, each with what it may do and until when. */
export function TokenTable({ items, revoke }: { items: readonly Token[] | null; revoke: (token: Token) => ReactNode }) {
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
