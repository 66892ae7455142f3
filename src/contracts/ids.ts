import { z } from "zod";

/** Ids carry their kind in the type: a ConnectId where a LeadId belongs does not compile. */
const integerId = <Kind extends string>() =>
  z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).brand<Kind>();
/** Time-ordered (uuid v7), so that an id finds its partition. */
const timeOrderedId = <Kind extends string>() => z.uuidv7().brand<Kind>();

export const AccountId = integerId<"account">();
export type AccountId = z.output<typeof AccountId>;
export const UserId = integerId<"user">();
export type UserId = z.output<typeof UserId>;
export const TokenId = integerId<"token">();
export type TokenId = z.output<typeof TokenId>;
export const CampaignId = integerId<"campaign">();
export type CampaignId = z.output<typeof CampaignId>;
export const ListId = integerId<"list">();
export type ListId = z.output<typeof ListId>;
export const StatusId = integerId<"status">();
export type StatusId = z.output<typeof StatusId>;
export const AgentId = integerId<"agent">();
export type AgentId = z.output<typeof AgentId>;
export const LeadFieldId = integerId<"lead field">();
export type LeadFieldId = z.output<typeof LeadFieldId>;
export const LeadId = integerId<"lead">();
export type LeadId = z.output<typeof LeadId>;
export const AdaptorId = integerId<"adaptor">();
export type AdaptorId = z.output<typeof AdaptorId>;
export const ConnectId = integerId<"connect">();
export type ConnectId = z.output<typeof ConnectId>;
export const WorkflowId = integerId<"workflow">();
export type WorkflowId = z.output<typeof WorkflowId>;
export const QueueId = integerId<"queue">();
export type QueueId = z.output<typeof QueueId>;
export const InboundNumberId = integerId<"inbound number">();
export type InboundNumberId = z.output<typeof InboundNumberId>;
export const EmailTemplateId = integerId<"email template">();
export type EmailTemplateId = z.output<typeof EmailTemplateId>;
export const RevisionId = integerId<"revision">();
export type RevisionId = z.output<typeof RevisionId>;

export const EventId = timeOrderedId<"event">();
export type EventId = z.output<typeof EventId>;
export const DeliveryId = timeOrderedId<"delivery">();
export type DeliveryId = z.output<typeof DeliveryId>;
export const RunId = timeOrderedId<"run">();
export type RunId = z.output<typeof RunId>;
export const AttemptId = timeOrderedId<"attempt">();
export type AttemptId = z.output<typeof AttemptId>;
