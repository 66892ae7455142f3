import { Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { campaigns, lists, type Campaign, type List } from "../../../src/contracts/endpoints/dialler.ts";
import { CampaignId } from "../../../src/contracts/ids.ts";
import { call } from "../api.ts";
import { campaignsQuery, listsQuery } from "../ui/dialler.ts";
import type { Column, FieldsProps } from "./noun-props.ts";
import { Noun } from "./noun.tsx";
import { Optional } from "./optional.tsx";
import { SeenOnly } from "./seen-only.tsx";

const campaignColumns: readonly Column<Campaign>[] = [
  { head: "Id", cell: ({ id }) => id, width: 80 },
  { head: "Code", cell: ({ code }) => <span className="mono">{code}</span> },
  { head: "Known from", cell: (item) => <SeenOnly item={item} /> },
];

const listColumns: readonly Column<List>[] = [
  { head: "Id", cell: ({ id }) => id, width: 80 },
  { head: "Code", cell: ({ code }) => <span className="mono">{code}</span>, width: 130 },
  { head: "Campaign", cell: ({ campaign }) => campaign?.name ?? <span className="dim">–</span> },
  { head: "Leads", cell: ({ leads }) => leads.toLocaleString("en"), width: 100, right: true },
];

/** Lists hold leads; campaigns group lists. */
export default function Lists() {
  const foundCampaigns = useQuery(campaignsQuery);
  return (
    <>
      <Noun<List, ListDraft>
        noun="list"
        title="Lists"
        intro="A lead belongs to one list. Vendors and web forms name it by its id or code."
        found={useQuery(listsQuery)}
        touches={[listsQuery.queryKey, ["leads"]]}
        nameOf={({ name }) => name}
        line={({ id, leads, campaign }) =>
          [`Id ${id}`, `${leads.toLocaleString("en")} leads`, campaign?.name].filter(Boolean).join(" · ")
        }
        columns={listColumns}
        draftOf={(item) => ({
          name: item?.name ?? "",
          code: item?.code ?? "",
          campaign_id: item?.campaign ? String(item.campaign.id) : null,
        })}
        partText={{
          campaign_id: (id) => foundCampaigns.data?.items.find((one) => String(one.id) === id)?.name,
        }}
        Fields={ListFields}
        save={(item, { name, code, campaign_id }) => {
          const body = {
            name,
            code: code.trim() || null,
            campaign_id: campaign_id === null ? null : CampaignId.parse(campaign_id),
          };
          return item
            ? call(lists.update, { params: { id: item.id }, body: { ...body, revision: item.revision } })
            : call(lists.create, { body });
        }}
        remove={({ id }) => call(lists.remove, { params: { id } })}
        removeWords="A list that holds leads stays. An empty one is gone for good, and posts that name it are refused."
      />
      <Noun<Campaign, CampaignDraft>
        noun="campaign"
        title="Campaigns"
        intro="What an operator groups lists by."
        found={foundCampaigns}
        touches={[campaignsQuery.queryKey, listsQuery.queryKey]}
        nameOf={({ name }) => name}
        line={({ id, code }) => [`Id ${id}`, code].filter(Boolean).join(" · ")}
        columns={campaignColumns}
        draftOf={(item) => ({ name: item?.name ?? "", code: item?.code ?? "" })}
        Fields={CampaignFields}
        save={(item, { name, code }) => {
          const body = { name, code: code.trim() || null };
          return item
            ? call(campaigns.update, { params: { id: item.id }, body: { ...body, revision: item.revision } })
            : call(campaigns.create, { body });
        }}
        remove={({ id }) => call(campaigns.remove, { params: { id } })}
        removeWords="A campaign that has lists stays."
      />
    </>
  );
}

type ListDraft = { name: string; code: string; campaign_id: string | null };
type CampaignDraft = { name: string; code: string };

function ListFields({ draft, set, places }: FieldsProps<List, ListDraft>) {
  const { data } = useQuery(campaignsQuery);
  return (
    <>
      <NameAndCode draft={draft} set={set} places={places} example="solar-east-nov" />
      <Select
        label={<Optional>Campaign</Optional>}
        aria-label="Campaign"
        placeholder="None"
        clearable
        searchable
        data={(data?.items ?? []).map(({ id, name }) => ({ value: String(id), label: name }))}
        value={draft.campaign_id}
        error={places["campaign_id"]}
        onChange={(campaign_id) => set({ campaign_id })}
      />
    </>
  );
}

const CampaignFields = ({ draft, set, places }: FieldsProps<Campaign, CampaignDraft>) => (
  <NameAndCode draft={draft} set={set} places={places} example="solar-east" />
);

function NameAndCode({
  draft,
  set,
  places,
  example,
}: {
  draft: { name: string; code: string };
  set: (patch: { name?: string; code?: string }) => void;
  places: Readonly<Record<string, string>>;
  example: string;
}) {
  return (
    <>
      <TextInput
        label="Name"
        data-autofocus
        value={draft.name}
        error={places["name"]}
        maxLength={200}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      <TextInput
        label={<Optional>Code</Optional>}
        aria-label="Code"
        description={`The dialler’s own name for it, such as ${example}.`}
        classNames={{ input: "mono" }}
        value={draft.code}
        error={places["code"]}
        maxLength={100}
        onChange={(event) => set({ code: event.currentTarget.value })}
      />
    </>
  );
}
