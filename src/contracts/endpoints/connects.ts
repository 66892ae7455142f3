import { z } from "zod";
import { Adaptor, AdaptorSettings } from "../adaptor.ts";
import { Connect, ConnectSettings, ConnectStanding, ConnectSummary, HeldChoice } from "../connect.ts";
import { Duration } from "../duration.ts";
import { changesOf, endpoint, MadeOnRevision, NoContent, PageQuery, pageOf } from "../endpoint.ts";
import { AdaptorId, ConnectId, DeliveryId, LeadId } from "../ids.ts";
import { HoldReason } from "../outcome.ts";
import { Preview, TraceRow } from "../preview.ts";

const adaptorParams = z.object({ id: AdaptorId });
const connectParams = z.object({ id: ConnectId });

export const AdaptorSummary = z.object({
  id: AdaptorId,
  name: z.string(),
  active: z.boolean(),
  mapped: z.number().int(),
  used_by: z.array(z.object({ id: ConnectId, name: z.string() })),
  saved_at: z.iso.datetime(),
});
export type AdaptorSummary = z.infer<typeof AdaptorSummary>;

export const listAdaptors = endpoint({
  method: "GET",
  path: "/api/adaptors",
  role: "viewer",
  tag: "adaptors",
  summary: "List adaptors",
  query: PageQuery,
  status: 200,
  answer: pageOf(AdaptorSummary),
});

export const createAdaptor = endpoint({
  method: "POST",
  path: "/api/adaptors",
  role: "admin",
  tag: "adaptors",
  summary: "Add an adaptor",
  body: AdaptorSettings,
  status: 201,
  answer: Adaptor,
});

export const showAdaptor = endpoint({
  method: "GET",
  path: "/api/adaptors/{id}",
  role: "viewer",
  tag: "adaptors",
  summary: "Show an adaptor; stored secrets are masked",
  params: adaptorParams,
  status: 200,
  answer: Adaptor,
});

export const updateAdaptor = endpoint({
  method: "PATCH",
  path: "/api/adaptors/{id}",
  role: "admin",
  tag: "adaptors",
  summary: "Change an adaptor; what is not named stays",
  params: adaptorParams,
  body: changesOf(AdaptorSettings).extend({ revision: MadeOnRevision }),
  status: 200,
  answer: Adaptor,
});

export const deleteAdaptor = endpoint({
  method: "DELETE",
  path: "/api/adaptors/{id}",
  role: "admin",
  tag: "adaptors",
  summary: "Delete an adaptor that no connect uses",
  params: adaptorParams,
  status: 204,
  answer: NoContent,
});

export const GeneratedData = z.object({
  get: z.string(),
  raw: z.string(),
  json: z.string(),
  trace: z.array(TraceRow),
  warnings: z.array(z.object({ path: z.string(), message: z.string() })),
  /** The lead it was made with; null: samples. */
  lead_id: LeadId.nullable(),
});
export type GeneratedData = z.infer<typeof GeneratedData>;

export const generateData = endpoint({
  method: "POST",
  path: "/api/adaptors/generated-data",
  role: "operator",
  tag: "adaptors",
  summary: "What an adaptor, saved or not, makes of a lead, as GET string, POST RAW and POST JSON",
  body: z.strictObject({
    adaptor_id: AdaptorId.optional(),
    adaptor: AdaptorSettings.optional(),
    lead_id: LeadId.optional(),
  }),
  status: 200,
  answer: GeneratedData,
});

export const listConnects = endpoint({
  method: "GET",
  path: "/api/connects",
  role: "viewer",
  tag: "connects",
  summary: "Show Connect: every connect with its last outcome",
  query: PageQuery,
  status: 200,
  answer: pageOf(ConnectSummary),
});

export const createConnect = endpoint({
  method: "POST",
  path: "/api/connects",
  role: "admin",
  tag: "connects",
  summary: "Add a connect",
  body: ConnectSettings,
  status: 201,
  answer: Connect,
});

export const showConnect = endpoint({
  method: "GET",
  path: "/api/connects/{id}",
  role: "viewer",
  tag: "connects",
  summary: "Show a connect; stored secrets are masked",
  params: connectParams,
  status: 200,
  answer: Connect,
});

export const updateConnect = endpoint({
  method: "PATCH",
  path: "/api/connects/{id}",
  role: "admin",
  tag: "connects",
  summary: "Change a connect; what is not named stays. Switching on with deliveries held needs `held`",
  params: connectParams,
  body: changesOf(ConnectSettings).extend({ revision: MadeOnRevision, held: HeldChoice.optional() }),
  status: 200,
  answer: Connect,
});

export const duplicateConnect = endpoint({
  method: "POST",
  path: "/api/connects/{id}/duplicate",
  role: "admin",
  tag: "connects",
  summary: "Copy a connect, switched off",
  params: connectParams,
  status: 201,
  answer: Connect,
});

export const deleteConnect = endpoint({
  method: "DELETE",
  path: "/api/connects/{id}",
  role: "admin",
  tag: "connects",
  summary: "Delete a connect. With deliveries owed it needs `held=discard`",
  params: connectParams,
  query: z.object({ held: z.literal("discard").optional() }),
  status: 204,
  answer: NoContent,
});

export const pauseConnect = endpoint({
  method: "POST",
  path: "/api/connects/{id}/pause",
  role: "operator",
  tag: "connects",
  summary: "Pause a connect: what is owed waits, and uses up no attempt; what is under way is finished",
  params: connectParams,
  status: 200,
  answer: ConnectStanding,
});

export const resumeConnect = endpoint({
  method: "POST",
  path: "/api/connects/{id}/resume",
  role: "operator",
  tag: "connects",
  summary: "End a pause: what waited goes out",
  params: connectParams,
  status: 200,
  answer: ConnectStanding,
});

export const discardHeld = endpoint({
  method: "POST",
  path: "/api/connects/{id}/discard-held",
  role: "admin",
  tag: "connects",
  summary: "Discard deliveries that are held, or wait since the connect is paused; never one that is being sent",
  params: connectParams,
  body: z.strictObject({
    /** Default: whatever they are held for. */
    because: HoldReason.optional(),
    /** Only what was planned longer ago than this. */
    older_than: Duration.optional(),
  }),
  status: 200,
  answer: z.object({ count: z.number().int() }),
});

export const exportConnect = endpoint({
  method: "GET",
  path: "/api/connects/{id}/export",
  role: "admin",
  tag: "connects",
  summary: "The connect and what it uses as a configuration file, free of secrets",
  params: connectParams,
  status: 200,
  answer: z.object({ yaml: z.string() }),
});

export const previewConnect = endpoint({
  method: "POST",
  path: "/api/connects/preview",
  role: "operator",
  tag: "connects",
  summary: "What would be sent, byte for byte; sends nothing. Unsaved settings are taken from an admin only",
  body: z.strictObject({
    connect_id: ConnectId.optional(),
    connect: ConnectSettings.optional(),
    adaptor: AdaptorSettings.optional(),
    lead_id: LeadId.optional(),
  }),
  status: 200,
  answer: Preview,
});

const Started = z.object({ delivery_id: DeliveryId });

export const testConnect = endpoint({
  method: "POST",
  path: "/api/connects/{id}/test",
  role: "operator",
  tag: "connects",
  summary: "Send one real request with this lead (default: the latest)",
  takesWork: true,
  params: connectParams,
  body: z.strictObject({ lead_id: LeadId.optional() }),
  status: 202,
  answer: Started,
});

export const testUnsavedConnect = endpoint({
  method: "POST",
  path: "/api/connects/test",
  role: "admin",
  tag: "connects",
  summary: "Test unsaved settings. A stored secret goes only to the address it was saved for",
  takesWork: true,
  body: z.strictObject({
    connect_id: ConnectId.optional(),
    connect: ConnectSettings,
    adaptor: AdaptorSettings.optional(),
    lead_id: LeadId.optional(),
  }),
  status: 202,
  answer: Started,
});
