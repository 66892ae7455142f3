import type { AdaptorSettings } from "../contracts/adaptor.ts";
import type { ConnectSettings, Warning } from "../contracts/connect.ts";
import type { AdaptorId, ConnectId, LeadId } from "../contracts/ids.ts";
import type { Preview } from "../contracts/preview.ts";
import { mapFields } from "../core/map-fields.ts";
import { badInput, ProblemError, tooLargeProblem } from "../core/problem-error.ts";
import type { ConnectTexts } from "../core/request.ts";
import { sealConnect } from "../core/seal-connect.ts";
import { whyNotTo } from "../core/secret-origins.ts";
import { showRequest } from "../core/show-request.ts";
import { integratorOf } from "../integrators/index.ts";
import { findConnect, type ConnectRow } from "../store/connects.ts";
import { mappingContext, type MappingContext } from "../store/mapping-context.ts";
import { draftAdaptor, within, type Previewer, type Reader, type ShownAdaptor } from "./draft-adaptor.ts";
import { snapshotFor } from "./preview-snapshot.ts";
import { orderGroupWarnings } from "./order-group-warnings.ts";
import { openConnectSecrets } from "./save-connect.ts";

export type PreviewOf = {
  /** The saved connect; with `connect`, whose stored secrets a mask stands for. */
  readonly connect_id?: ConnectId | undefined;
  readonly connect?: ConnectSettings | undefined;
  /** Default: the saved one that the settings name. */
  readonly adaptor?: AdaptorSettings | undefined;
  /** Default: the latest lead, else samples. */
  readonly lead_id?: LeadId | undefined;
};

/**
 * What would be sent, byte for byte, by the builder that sends; secrets are masked and nothing leaves this machine.
 * @param typist who looks (`user 12`): told which secrets a save or a test of theirs will ask for again.
 */
export async function previewConnect(reader: Previewer, typist: string, of: PreviewOf): Promise<Preview> {
  const context = await mappingContext(reader.scope);
  const { settings, texts, origin, warnings } = await subjectOf(reader, of, context);
  const adaptor = await draftAdaptor(reader, settings.adaptor_id, of.adaptor, context.customFields);
  const lead = await snapshotFor(reader.scope, of.lead_id);
  const options = { ...context, now: lead.now, sampleCall: lead.sampled };
  await reader.takeTurn();
  const mapped = adaptor === null ? null : mapFields(adaptor.stored, lead.snapshot, options);
  const { customFields } = context;
  const integrator = integratorOf(settings.api_integrator);
  const frozen = integrator.freeze({
    settings,
    texts,
    mapped,
    snapshot: lead.snapshot,
    customFields,
    context: options,
  });
  if (!frozen.ok && frozen.diagnosis.code === "payload_too_large") throw tooLargeProblem(frozen);
  const groupmates = await orderGroupWarnings(reader.scope, of.connect_id ?? null, settings);
  const all = [
    ...warnings,
    ...groupmates,
    ...(adaptor?.warnings ?? []),
    ...(adaptor === null ? [] : withheldSecrets(adaptor, origin, typist)),
    ...(mapped?.warnings.map(within("adaptor")) ?? []),
  ];
  const trace = [...(mapped?.trace ?? [])];
  if (!frozen.ok) {
    const { message, fix, setting } = frozen.diagnosis;
    return { requests: [], trace, warnings: unique([...all, { path: setting ?? "", message: `${message}. ${fix}` }]) };
  }
  const next = integrator.nextCall({ settings, texts, payload: frozen.payload }, []);
  if (next?.ok === false) throw tooLargeProblem(next);
  return { requests: next === null ? [] : [showRequest(next.plan)], trace, warnings: unique(all) };
}

type Subject = {
  readonly settings: ConnectSettings;
  readonly texts: ConnectTexts;
  readonly origin: string;
  readonly warnings: readonly Warning[];
};

async function subjectOf(reader: Reader, of: PreviewOf, context: MappingContext): Promise<Subject> {
  const saved = of.connect_id === undefined ? null : await findConnect(reader.scope, of.connect_id);
  if (of.connect_id !== undefined && saved === null)
    throw new ProblemError("not_found", { detail: `There is no connect ${of.connect_id}.` });
  if (of.connect !== undefined) return unsaved(reader, of.connect, saved, of.adaptor !== undefined, context);
  if (saved === null) throw badInput("connect_id", "name a saved connect, or send the settings of one");
  return saved;
}

/** Nothing is sent, so a stored secret may stand, masked, in a request to another address; saving will ask for it. */
function unsaved(
  { scope, secretBox }: Reader,
  settings: ConnectSettings,
  saved: ConnectRow | null,
  hasAdaptor: boolean,
  { customFields }: MappingContext,
): Subject {
  const previous = saved === null ? null : { secrets: openConnectSecrets(scope, secretBox, saved), origin: null };
  // an adaptor that isn't saved yet has no id
  const adaptor_id = settings.adaptor_id ?? (hasAdaptor ? (0 as AdaptorId) : null);
  const sealed = sealConnect({ ...settings, adaptor_id }, previous, customFields);
  if (!sealed.ok) throw new ProblemError("bad_input", { errors: sealed.problems.map(within("connect")) });
  const moved = saved !== null && saved.secrets !== null && saved.origin !== sealed.origin;
  const again = { path: "api_url", message: "The address changed: saving asks for the stored secrets again" };
  return {
    settings: { ...sealed.shown, adaptor_id: settings.adaptor_id },
    texts: sealed.texts,
    origin: sealed.origin,
    warnings: moved ? [...sealed.warnings, again] : sealed.warnings,
  };
}

function withheldSecrets({ stored, secretOrigins }: ShownAdaptor, origin: string, typist: string): Warning[] {
  return Object.entries(secretOrigins).flatMap(([name, secret]) => {
    const message = whyNotTo(origin, secret, typist, { adaptor: stored.name, name });
    return message === null ? [] : [{ path: "adaptor_id", message }];
  });
}

function unique(warnings: readonly Warning[]): Warning[] {
  return [...new Map(warnings.map((warning) => [`${warning.path}\n${warning.message}`, warning])).values()];
}
