import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { listTokens, revokeToken, type Token } from "../../../src/contracts/endpoints/access.ts";
import { call } from "../api.ts";
import { askOnce, sayRefused } from "../ui/ask-once.tsx";
import { listsQuery } from "../ui/dialler.ts";
import { Fault } from "../ui/fault.tsx";
import { InsertCurl } from "../ui/insert-curl.tsx";
import { say } from "../ui/toast.tsx";
import { NewToken, type MadeToken } from "./new-token.tsx";
import { ShownOnce } from "./shown-once.tsx";
import { TokenTable } from "./token-table.tsx";

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
    onError: (problem, { name }) => sayRefused(`${name} is not revoked`, problem),
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
