import { z } from "zod";

/** Ids carry their kind in the type: a ConnectId where a LeadId belongs does not compile. */
const integerId = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER);
/** Time-ordered (uuid v7), so that an id finds its partition. */
const timeOrderedId = z.uuidv7();

export const AccountId = integerId.brand<"account">();
export type AccountId = z.output<typeof AccountId>;
export const UserId = integerId.brand<"user">();
export type UserId = z.output<typeof UserId>;
export const TokenId = integerId.brand<"token">();
export type TokenId = z.output<typeof TokenId>;
export const CampaignId = integerId.brand<"campaign">();
export type CampaignId = z.output<typeof CampaignId>;
export const ListId = integerId.brand<"list">();
export type ListId = z.output<typeof ListId>;
export const StatusId = integerId.brand<"status">();
export type StatusId = z.output<typeof StatusId>;
export const AgentId = integerId.brand<"agent">();
export type AgentId = z.output<typeof AgentId>;
export const LeadFieldId = integerId.brand<"lead field">();
export type LeadFieldId = z.output<typeof LeadFieldId>;
export const LeadId = integerId.brand<"lead">();
export type LeadId = z.output<typeof LeadId>;
export const AdaptorId = integerId.brand<"adaptor">();
export type AdaptorId = z.output<typeof AdaptorId>;
export const ConnectId = integerId.brand<"connect">();
export type ConnectId = z.output<typeof ConnectId>;
export const WorkflowId = integerId.brand<"workflow">();
export type WorkflowId = z.output<typeof WorkflowId>;
export const QueueId = integerId.brand<"queue">();
export type QueueId = z.output<typeof QueueId>;
export const InboundNumberId = integerId.brand<"inbound number">();
export type InboundNumberId = z.output<typeof InboundNumberId>;
export const EmailTemplateId = integerId.brand<"email template">();
export type EmailTemplateId = z.output<typeof EmailTemplateId>;
export const ReplayId = integerId.brand<"replay">();
export type ReplayId = z.output<typeof ReplayId>;

export const EventId = timeOrderedId.brand<"event">();
export type EventId = z.output<typeof EventId>;
export const DeliveryId = timeOrderedId.brand<"delivery">();
export type DeliveryId = z.output<typeof DeliveryId>;
export const RunId = timeOrderedId.brand<"run">();
export type RunId = z.output<typeof RunId>;
export const AttemptId = timeOrderedId.brand<"attempt">();
export type AttemptId = z.output<typeof AttemptId>;
