import { z } from "zod";
import { endpoint, PageQuery, pageOf } from "../endpoint.ts";
import { customFieldTypes, Section } from "../fields.ts";
import { ConnectId, DeliveryId, LeadId, ListId } from "../ids.ts";
import { Lead, LeadInput, LeadSummary } from "../lead.ts";

const params = z.object({ id: LeadId });

export const listFields = endpoint({
  method: "GET",
  path: "/api/fields",
  role: "viewer",
  tag: "leads",
  summary: "Every field an adaptor can name, in order",
  status: 200,
  answer: z.object({
    items: z.array(
      z.object({
        section: Section.exclude(["static"]),
        key: z.string(),
        name: z.string(),
        label: z.string(),
        kind: z.enum(["text", "number", "date", "datetime", "phone", "email", "boolean"]),
        system: z.boolean(),
        personal: z.boolean(),
        /** Set for custom fields. */
        type: z.enum(customFieldTypes).nullable(),
        options: z.array(z.string()),
      }),
    ),
  }),
});

export const listLeads = endpoint({
  method: "GET",
  path: "/api/leads",
  role: "viewer",
  tag: "leads",
  summary: "Leads, newest first; `search` takes a phone, an e-mail, a lead id or a name",
  query: PageQuery.extend({
    search: z.string().max(200).optional(),
    list: ListId.optional(),
    status: z.string().max(100).optional(),
  }),
  status: 200,
  answer: pageOf(LeadSummary),
});

export const createLead = endpoint({
  method: "POST",
  path: "/api/leads",
  role: "admin",
  tag: "leads",
  summary: "Add a lead by hand, under the rules of leads/insert",
  takesWork: true,
  body: LeadInput,
  status: 201,
  answer: Lead,
});

export const createSampleLead = endpoint({
  method: "POST",
  path: "/api/leads/sample",
  role: "admin",
  tag: "leads",
  summary: "Add a sample lead (and a list for it), to try things with",
  takesWork: true,
  status: 201,
  answer: Lead,
});

export const showLead = endpoint({
  method: "GET",
  path: "/api/leads/{id}",
  role: "viewer",
  tag: "leads",
  summary: "A lead with every field",
  params,
  status: 200,
  answer: Lead,
});

export const updateLead = endpoint({
  method: "PATCH",
  path: "/api/leads/{id}",
  role: "admin",
  tag: "leads",
  summary: "Change fields of a lead; what is not named stays",
  takesWork: true,
  params,
  query: z.object({
    /** `fields.modified_at` as the change began; whoever changed the lead since is named by 409 `conflict`. */
    unless_changed_since: z.iso.datetime().optional(),
  }),
  body: LeadInput,
  status: 200,
  answer: Lead,
});

export const sendLead = endpoint({
  method: "POST",
  path: "/api/leads/{id}/send",
  role: "operator",
  tag: "leads",
  summary: "Owe this lead to a connect: durable, retried, in the logs",
  takesWork: true,
  params,
  body: z.strictObject({ connect_id: ConnectId }),
  status: 202,
  answer: z.object({ delivery_id: DeliveryId }),
});

export const search = endpoint({
  method: "GET",
  path: "/api/search",
  role: "viewer",
  tag: "leads",
  summary: "Jump to a connect, adaptor, workflow, lead (phone, e-mail, id) or delivery",
  query: z.object({ q: z.string().max(200) }),
  status: 200,
  answer: z.object({
    items: z.array(
      z.object({
        kind: z.enum(["connect", "adaptor", "workflow", "lead", "delivery"]),
        id: z.string(),
        title: z.string(),
        detail: z.string(),
      }),
    ),
  }),
});
