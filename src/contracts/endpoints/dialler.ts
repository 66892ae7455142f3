import { z } from "zod";
import { changesOf, endpoint, MadeOnRevision, NoContent, PageQuery, pageOf } from "../endpoint.ts";
import { customFieldTypes, LeadFieldName } from "../fields.ts";
import {
  AgentId,
  CampaignId,
  EmailTemplateId,
  InboundNumberId,
  LeadFieldId,
  ListId,
  QueueId,
  StatusId,
} from "../ids.ts";

const Name = z.string().trim().min(1, "give it a name").max(200);
const Code = z.string().trim().min(1).max(100);

/** The number of the last save; 0: no person saved it yet, it was seen in an event. */
const revision = z.number().int();

/** The four verbs of a plain settings noun. */
function crud<
  const Path extends string,
  Id extends z.ZodType,
  Item extends z.ZodType,
  Create extends z.ZodType,
  Update extends z.core.$ZodLooseShape,
>(path: Path, noun: string, id: Id, item: Item, create: Create, update: z.ZodObject<Update>) {
  const params = z.object({ id });
  const base = { tag: "settings" } as const;
  return {
    list: endpoint({
      ...base,
      method: "GET",
      path: `/api/${path}`,
      role: "viewer",
      summary: `List ${noun}s`,
      query: PageQuery,
      status: 200,
      answer: pageOf(item),
    }),
    create: endpoint({
      ...base,
      method: "POST",
      path: `/api/${path}`,
      role: "admin",
      summary: `Add a ${noun}`,
      body: create,
      status: 201,
      answer: item,
    }),
    update: endpoint({
      ...base,
      method: "PATCH",
      path: `/api/${path}/{id}`,
      role: "admin",
      summary: `Change a ${noun}`,
      params,
      body: update.extend({ revision: MadeOnRevision }),
      status: 200,
      answer: item,
    }),
    remove: endpoint({
      ...base,
      method: "DELETE",
      path: `/api/${path}/{id}`,
      role: "admin",
      summary: `Delete a ${noun} that nothing uses`,
      params,
      status: 204,
      answer: NoContent,
    }),
  };
}

const campaignInput = { name: Name, code: Code.nullable().default(null) };
export const Campaign = z.object({
  id: CampaignId,
  name: z.string(),
  code: z.string().nullable(),
  described: z.boolean(),
  revision,
});
export type Campaign = z.infer<typeof Campaign>;
export const campaigns = crud(
  "campaigns",
  "campaign",
  CampaignId,
  Campaign,
  z.strictObject(campaignInput),
  changesOf(z.strictObject(campaignInput)),
);

export const Queue = z.object({
  id: QueueId,
  name: z.string(),
  code: z.string().nullable(),
  described: z.boolean(),
  revision,
});
export type Queue = z.infer<typeof Queue>;
export const queues = crud(
  "queues",
  "queue",
  QueueId,
  Queue,
  z.strictObject(campaignInput),
  changesOf(z.strictObject(campaignInput)),
);

/** A number that callers dial; its code is the number as the dialler writes it. */
export const InboundNumber = z.object({
  id: InboundNumberId,
  name: z.string(),
  code: z.string().nullable(),
  described: z.boolean(),
  revision,
});
export type InboundNumber = z.infer<typeof InboundNumber>;
export const inboundNumbers = crud(
  "inbound-numbers",
  "inbound number",
  InboundNumberId,
  InboundNumber,
  z.strictObject(campaignInput),
  changesOf(z.strictObject(campaignInput)),
);

const listInput = {
  name: Name,
  code: Code.nullable().default(null),
  campaign_id: CampaignId.nullable().default(null),
};
export const List = z.object({
  id: ListId,
  name: z.string(),
  code: z.string().nullable(),
  campaign: z.object({ id: CampaignId, name: z.string() }).nullable(),
  leads: z.number().int(),
  described: z.boolean(),
  revision,
});
export type List = z.infer<typeof List>;
export const lists = crud(
  "lists",
  "list",
  ListId,
  List,
  z.strictObject(listInput),
  changesOf(z.strictObject(listInput)),
);

const statusInput = {
  code: Code,
  name: Name,
  reached: z.boolean().default(false),
  final: z.boolean().default(false),
};
export const Status = z.object({
  id: StatusId,
  code: z.string(),
  name: z.string(),
  reached: z.boolean(),
  final: z.boolean(),
  described: z.boolean(),
  revision,
});
export type Status = z.infer<typeof Status>;
export const statuses = crud(
  "statuses",
  "status",
  StatusId,
  Status,
  z.strictObject(statusInput),
  changesOf(z.strictObject(statusInput)),
);

const agentInput = {
  number: z.number().int().positive().max(Number.MAX_SAFE_INTEGER).nullable().default(null),
  code: Code.nullable().default(null),
  name: Name,
  email: z.union([z.literal(""), z.email("write an e-mail address")]).default(""),
};
export const Agent = z.object({
  id: AgentId,
  number: z.number().int().nullable(),
  code: z.string().nullable(),
  name: z.string(),
  email: z.string(),
  described: z.boolean(),
  revision,
});
export type Agent = z.infer<typeof Agent>;
export const agents = crud(
  "agents",
  "agent",
  AgentId,
  Agent,
  z.strictObject(agentInput),
  changesOf(z.strictObject(agentInput)),
);

const fieldInput = {
  name: LeadFieldName,
  label: Name,
  type: z.enum(customFieldTypes),
  /** The choices of a dropdown. */
  options: z.array(z.string().min(1).max(200)).max(1000).default([]),
  /** Says something about a person: masked for viewers. */
  personal: z.boolean().default(false),
};
export const LeadField = z.object({
  id: LeadFieldId,
  number: z.number().int(),
  name: z.string(),
  label: z.string(),
  type: z.enum(customFieldTypes),
  options: z.array(z.string()),
  personal: z.boolean(),
  revision,
});
export type LeadField = z.infer<typeof LeadField>;
export const leadFieldSettings = crud(
  "lead-fields",
  "lead field",
  LeadFieldId,
  LeadField,
  z.strictObject(fieldInput),
  changesOf(z.strictObject(fieldInput).omit({ type: true })),
);

const templateInput = {
  name: Name,
  subject: z.string().max(1000),
  /** May hold places such as {lead.first_name}. */
  body: z.string().min(1, "write the mail").max(100_000),
};
export const EmailTemplate = z.object({
  id: EmailTemplateId,
  name: z.string(),
  subject: z.string(),
  body: z.string(),
  revision,
});
export type EmailTemplate = z.infer<typeof EmailTemplate>;
export const emailTemplates = crud(
  "email-templates",
  "e-mail template",
  EmailTemplateId,
  EmailTemplate,
  z.strictObject(templateInput),
  changesOf(z.strictObject(templateInput)),
);
