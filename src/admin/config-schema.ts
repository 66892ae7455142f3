import { z } from "zod";
import { AdaptorSettings } from "../contracts/adaptor.ts";
import { ConnectSettings } from "../contracts/connect.ts";
import { changesOf } from "../contracts/endpoint.ts";
import { updateAccount } from "../contracts/endpoints/access.ts";
import {
  agents,
  campaigns,
  emailTemplates,
  inboundNumbers,
  leadFieldSettings,
  lists,
  queues,
  statuses,
} from "../contracts/endpoints/dialler.ts";
import { ProviderConnects, SmtpServer } from "../contracts/mail.ts";
import { FileWorkflow } from "./file-workflow-schema.ts";

// The configuration file (spec 10): the settings of the contracts, where other things are named instead of numbered and
// a secret may be taken from the environment.

const EnvName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,199}$/, "write the name of an environment variable");
export const FromEnv = z.strictObject({ env: EnvName });
export type FromEnv = z.infer<typeof FromEnv>;

const orEnv = <S extends z.ZodType>(text: S) => z.union([FromEnv, text]);
const Named = z.string().min(1).max(200);

const connect = ConnectSettings.omit({ adaptor_id: true }).shape;
export const FileConnect = z.strictObject({
  ...changesOf(ConnectSettings.omit({ adaptor_id: true })).shape,
  name: connect.name,
  api_url: orEnv(connect.api_url).optional(),
  api_authentication: orEnv(z.string().max(4000)).optional(),
  authorization_header: orEnv(z.string().max(8000)).optional(),
  adaptor: Named.nullable().optional(),
});
export type FileConnect = z.infer<typeof FileConnect>;

const [fieldRow, staticRow] = AdaptorSettings.shape.fields.unwrap().element.options;
const FileRow = z.discriminatedUnion("section", [fieldRow, staticRow.extend({ value: orEnv(staticRow.shape.value) })]);
export const FileAdaptor = z.strictObject({
  ...changesOf(AdaptorSettings).shape,
  name: AdaptorSettings.shape.name,
  fields: z.array(FileRow).max(2000).optional(),
});
export type FileAdaptor = z.infer<typeof FileAdaptor>;

/** A file names no revision: it says what is to be, whatever was. */
function shapeOf<Shape extends { readonly revision: unknown }>(noun: {
  readonly update: { readonly body: { readonly shape: Shape } };
}): Omit<Shape, "revision"> {
  const { revision: _, ...shape } = noun.update.body.shape;
  return shape;
}

const list = lists.create.body.shape;
/** In the order in which they are written and read: what comes later may name what comes before. */
export const fileSections = {
  campaigns: z.strictObject({ ...shapeOf(campaigns), name: campaigns.create.body.shape.name }),
  lists: z.strictObject({
    name: list.name,
    code: list.code.unwrap().optional(),
    campaign: Named.nullable().optional(),
  }),
  queues: z.strictObject({ ...shapeOf(queues), name: queues.create.body.shape.name }),
  inbound_numbers: z.strictObject({ ...shapeOf(inboundNumbers), name: inboundNumbers.create.body.shape.name }),
  agents: z.strictObject({ ...shapeOf(agents), name: agents.create.body.shape.name }),
  statuses: z.strictObject({ ...shapeOf(statuses), code: statuses.create.body.shape.code }),
  lead_fields: z.strictObject({
    ...shapeOf(leadFieldSettings),
    name: leadFieldSettings.create.body.shape.name,
    type: leadFieldSettings.create.body.shape.type.optional(),
  }),
  email_templates: z.strictObject({ ...shapeOf(emailTemplates), name: emailTemplates.create.body.shape.name }),
  adaptors: FileAdaptor,
  connects: FileConnect,
  workflows: FileWorkflow,
} as const;
export type FileSection = keyof typeof fileSections;

const provider = Named.nullable().optional();
export const FileAccount = updateAccount.body.omit({ smtp: true, provider_connects: true, revision: true }).extend({
  smtp: SmtpServer.extend({ password: orEnv(z.string().max(1000)).optional() })
    .nullable()
    .optional(),
  provider_connects: z
    .strictObject(
      Object.fromEntries(Object.keys(ProviderConnects.shape).map((action) => [action, provider])) as Record<
        keyof ProviderConnects,
        typeof provider
      >,
    )
    .optional(),
});

/** Keys of spec 10 for what Patchbay does not have yet. */
export const notYet: ReadonlySet<string> = new Set(["outcome_rules", "write_back", "list", "criteria"]);
