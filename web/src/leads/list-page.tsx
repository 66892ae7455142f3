import "./leads.css";
import { Button, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconPlus, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { z } from "zod";
import { refusedLeadSearch } from "../../../src/contracts/masked-filters.ts";
import { listsQuery, statusesQuery } from "../ui/dialler.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { Fault } from "../ui/fault.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { useMay, useSession } from "../ui/session.ts";
import { useUrlState } from "../ui/use-url-state.ts";
import { AddLead } from "./add-lead.tsx";
import { FirstLead } from "./first-lead.tsx";
import { LeadTable } from "./lead-table.tsx";
import { leadsQuery } from "./queries.ts";

const Search = z.object({
  search: z.string().max(200).optional(),
  list: z.coerce.number().int().positive().optional(),
  status: z.string().max(100).optional(),
  cursor: z.string().max(200).optional(),
  add: z.literal("1").optional(),
});

/** Leads, newest first. Filters and the page are in the address; the browser's Back goes to the page before. */
export function LeadListPage() {
  const [url, setUrl] = useUrlState(Search);
  const mayAdd = useMay("admin");
  const { data, error, refetch, isPlaceholderData } = useQuery(leadsQuery(url));
  const filtered = Boolean(url.search ?? url.list ?? url.status);
  const none = data?.items.length === 0 && !url.cursor && !isPlaceholderData;
  const first = none && !filtered;
  const router = useRouter();
  // lifting the filters from elsewhere empties the search box too
  const [lifted, setLifted] = useState(0);
  const openAdd = () => setUrl({ add: "1" }, { replace: false });
  return (
    <>
      <PageHead
        title="Leads"
        acts={
          mayAdd &&
          !first && (
            <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={openAdd}>
              Add lead
            </Button>
          )
        }
      />
      {!first && <Filters key={lifted} url={url} setUrl={setUrl} />}
      {error && (
        <div className="pad">
          <Fault what="The leads could not be loaded." error={error} again={() => void refetch()} />
        </div>
      )}
      {first && <FirstLead add={openAdd} />}
      {none && filtered && (
        <EmptyState
          title="No lead matches"
          picture={false}
          acts={
            <Button
              variant="default"
              onClick={() => {
                setUrl({ search: "", list: "", status: "", cursor: "" });
                setLifted(lifted + 1);
              }}
            >
              Lift the filters
            </Button>
          }
        >
          {filterWords(url)}
        </EmptyState>
      )}
      {!none && !(error && !data) && <LeadTable items={data?.items ?? null} />}
      {data && (url.cursor || data.next_cursor) && (
        <div className="bar pad" style={{ paddingBlock: 10, marginTop: "auto" }}>
          <span className="dim" style={{ fontSize: 13 }}>
            {url.cursor ? "Older leads" : `The ${data.items.length} newest leads`}
          </span>
          <span className="right">
            {url.cursor && (
              <>
                <Button size="xs" variant="default" onClick={() => setUrl({ cursor: "" }, { replace: false })}>
                  Newest
                </Button>
                <Button size="xs" variant="default" onClick={() => router.history.back()}>
                  Back
                </Button>
              </>
            )}
            <Button
              size="xs"
              variant="default"
              disabled={!data.next_cursor || isPlaceholderData}
              onClick={() => {
                setUrl({ cursor: data.next_cursor }, { replace: false });
                scrollTo({ top: 0 });
              }}
            >
              Older
            </Button>
          </span>
        </div>
      )}
      {url.add === "1" && mayAdd && <AddLead close={() => setUrl({ add: "" })} />}
    </>
  );
}

type Url = z.output<typeof Search>;
type SetUrl = (patch: Partial<Record<keyof Url, unknown>>, how?: { replace?: boolean }) => void;

function Filters({ url, setUrl }: { url: Url; setUrl: SetUrl }) {
  const { data: lists } = useQuery(listsQuery);
  const { data: statuses } = useQuery(statusesQuery);
  const byId = refusedLeadSearch(useSession().user) !== null;
  const [text, setText] = useState(url.search ?? "");
  const put = useDebouncedCallback((search: string) => setUrl({ search: search.trim(), cursor: "" }), 300);
  return (
    <search className="ltool">
      <TextInput
        size="xs"
        type="search"
        leftSection={<IconSearch size={15} aria-hidden />}
        placeholder={byId ? "Lead id" : "Name, phone, e-mail or id"}
        aria-label="Search leads"
        value={text}
        style={{ flex: "1 1 220px", maxWidth: 300 }}
        onChange={(event) => {
          setText(event.currentTarget.value);
          put(event.currentTarget.value);
        }}
      />
      <Select
        size="xs"
        aria-label="List"
        placeholder="Every list"
        clearable
        searchable
        w={190}
        data={(lists?.items ?? []).map(({ id, name }) => ({ value: String(id), label: name }))}
        value={url.list ? String(url.list) : null}
        onChange={(list) => setUrl({ list, cursor: "" })}
      />
      <Select
        size="xs"
        aria-label="Status"
        placeholder="Every status"
        clearable
        searchable
        w={190}
        data={(statuses?.items ?? []).map(({ code, name }) => ({
          value: code,
          label: code === name ? code : `${code} · ${name}`,
        }))}
        value={url.status ?? null}
        onChange={(status) => setUrl({ status, cursor: "" })}
      />
      {byId && (
        <p className="dim lsearchwhy">
          Names, phones and e-mails are masked for your role, so leads are searched by id alone.
        </p>
      )}
    </search>
  );
}

function filterWords({ search, list, status }: Url): string {
  const parts = [search && `“${search}”`, list && "this list", status && `the status ${status}`].filter(Boolean);
  return `There is no lead with ${parts.join(" and ")}.`;
}
