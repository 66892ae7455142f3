import { Combobox, useCombobox } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { listLeads } from "../../../src/contracts/endpoints/leads.ts";
import type { LeadSummary } from "../../../src/contracts/lead.ts";
import { refusedLeadSearch } from "../../../src/contracts/masked-filters.ts";
import { call, wordsOf } from "../api.ts";
import { showPhone } from "./phone.ts";
import { useSession } from "./session.ts";

const leadsFound = (search: string) =>
  queryOptions({
    queryKey: ["leads", "found", search],
    queryFn: ({ signal }) => call(listLeads, { query: { limit: 12, ...(search ? { search } : {}) } }, signal),
    placeholderData: keepPreviousData,
    staleTime: 15_000,
  });

/** The newest lead, with which tests and previews begin; null: there is none. */
export function useLatestLead(): { lead: LeadSummary | null; pending: boolean } {
  const { data, isPending } = useQuery(leadsFound(""));
  return { lead: data?.items[0] ?? null, pending: isPending };
}

export const leadName = (lead: LeadSummary): string =>
  `${lead.first_name} ${lead.last_name}`.trim() || showPhone(lead.phone_number) || `Lead ${lead.id}`;

/** Chooses a lead by name, phone, e-mail or id; by id alone where the rest is masked. Drawn as a link, since it stands within a sentence ("Preview with …"). */
export function LeadPicker({
  lead,
  choose,
  label = "Lead",
}: {
  lead: LeadSummary | null;
  choose: (lead: LeadSummary) => void;
  label?: string;
}) {
  const combobox = useCombobox({
    onDropdownClose: () => combobox.resetSelectedOption(),
    onDropdownOpen: () => combobox.focusSearchInput(),
  });
  const [search, setSearch] = useState("");
  const { data, error } = useQuery({ ...leadsFound(search.trim()), enabled: combobox.dropdownOpened });
  const byId = refusedLeadSearch(useSession().user) !== null;
  return (
    <Combobox
      store={combobox}
      width={280}
      position="bottom-start"
      onOptionSubmit={(id) => {
        const chosen = data?.items.find((item) => String(item.id) === id);
        if (chosen) choose(chosen);
        combobox.closeDropdown();
      }}
    >
      <Combobox.Target withAriaAttributes={false}>
        <button
          type="button"
          className="lnk pick"
          aria-haspopup="listbox"
          aria-expanded={combobox.dropdownOpened}
          aria-label={`${label}: ${lead ? leadName(lead) : "samples"}`}
          onClick={() => combobox.toggleDropdown()}
        >
          <span className="trunc">{lead ? leadName(lead) : "samples"}</span>
          <IconChevronDown size={14} aria-hidden />
        </button>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          value={search}
          onChange={(event) => {
            setSearch(event.currentTarget.value);
            combobox.updateSelectedOptionIndex();
          }}
          placeholder={byId ? "Lead id" : "Name, phone, e-mail or id"}
          aria-label="Search leads"
        />
        <Combobox.Options aria-label="Leads">
          {(error === null ? (data?.items ?? []) : []).map((item) => (
            <Combobox.Option key={item.id} value={String(item.id)} active={item.id === lead?.id}>
              <div className="trunc">{leadName(item)}</div>
              <div className="dim num trunc" style={{ fontSize: 12 }}>
                {showPhone(item.phone_number)} · {item.id}
              </div>
            </Combobox.Option>
          ))}
          {(error !== null || data?.items.length === 0) && (
            <Combobox.Empty>{error === null ? "No lead matches." : wordsOf(error)}</Combobox.Empty>
          )}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
