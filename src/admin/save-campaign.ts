import { campaigns, countListsOf, type CampaignRow, type CampaignValues } from "../store/campaigns.ts";
import { workflowsUsing } from "../store/workflow-users.ts";
import type { Change, Changes } from "./change.ts";
import { counted, removeNoun, saveNoun, type Noun } from "./save-noun.ts";

const noun: Noun<CampaignRow, CampaignValues> = {
  kind: "campaign",
  table: campaigns,
  nameOf: ({ name }) => name,
  taken: {
    campaigns_account_id_name_key: "name: Another campaign has this name",
    campaigns_account_id_code_key: "code: Another campaign has this code",
  },
};

/** Adds or changes a campaign. */
export async function saveCampaign(
  change: Change,
  id: number | null,
  values: Changes<CampaignValues>,
): Promise<CampaignRow> {
  return saveNoun(change, noun, id, values);
}

export async function deleteCampaign(change: Change, id: number): Promise<void> {
  await removeNoun(change, noun, id, async (campaign) => {
    const users = await workflowsUsing(change.scope, "campaign", campaign.id);
    if (users.length > 0)
      return `${campaign.name} is used by ${users.join(", ")}. Choose another campaign there first.`;
    const count = await countListsOf(change.scope, campaign.id);
    return count === 0
      ? null
      : `${counted(count, "list belongs", "lists belong")} to ${campaign.name}. Move them to another campaign first.`;
  });
}
