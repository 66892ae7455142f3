import { AdaptorSettings } from "../contracts/adaptor.ts";
import type { ConnectSettings } from "../contracts/connect.ts";
import type { AccountId, ConnectId, DeliveryId, EventId, LeadId } from "../contracts/ids.ts";
import { ProblemError } from "../core/problem-error.ts";
import { withSampleCall } from "../core/sample-snapshot.ts";
import { sealAdaptor } from "../core/seal-adaptor.ts";
import { sealConnect } from "../core/seal-connect.ts";
import { typistOf } from "../core/secret-origins.ts";
import { accountScope, type AccountScope } from "../store/account-scope.ts";
import type { Database } from "../store/database.ts";
import {
  findAdaptor,
  lockForPlanning,
  openGate,
  type DeliveryAdaptor,
  type DeliveryConnect,
} from "../store/delivery-connects.ts";
import type { EventSource } from "../store/events.ts";
import { mappingContext, type MappingContext } from "../store/mapping-context.ts";
import type { SecretBox } from "../store/secret-box.ts";
import { leadSnapshot } from "../store/snapshots.ts";
import { newUuidV7 } from "../store/uuid-v7.ts";
import { acceptEvents } from "./accept-event.ts";
import type { Definition } from "./definitions.ts";
import type { Engine } from "./engine.ts";
import { noHandover } from "./handover.ts";
import { connectSecrets, secretsToTry } from "./open-secrets.ts";
import { mappingOptions, planDelivery } from "./plan-delivery.ts";

export type TestDeps = { readonly db: Database; readonly engine: Engine; readonly secretBox: SecretBox };

export type TestOf = {
  readonly accountId: AccountId;
  /** Default: the latest lead. */
  readonly leadId?: LeadId | undefined;
  readonly source: EventSource;
};

/**
 * Sends one real request with this lead, at once, also when the connect is off or has no slot free. It is never tried again
 * and never held. Resolves when the log row is there. Throws ProblemError.
 */
export async function testConnect(
  deps: TestDeps,
  test: TestOf & { readonly connectId: ConnectId },
): Promise<DeliveryId> {
  return sendTest(deps, test, async (scope) => {
    const found = await lockForPlanning(scope, test.connectId);
    if (found === null) throw new ProblemError("not_found", { detail: `There is no connect ${test.connectId}.` });
    return { ...found, definition: null };
  });
}

export type UnsavedTest = TestOf & {
  /** Whose stored secrets a typed mask stands for. */
  readonly connectId?: ConnectId | undefined;
  readonly connect: ConnectSettings;
  /** Default: the saved one that `connect` names. */
  readonly adaptor?: AdaptorSettings | undefined;
};

/**
 * The same with settings as they are on somebody's screen. They are used for this one request, in this process's memory
 * only; a stored secret goes only to the address it was saved for.
 */
export async function testUnsavedConnect(deps: TestDeps, test: UnsavedTest): Promise<DeliveryId> {
  return sendTest(deps, test, (scope, context) => unsavedSubject(deps.secretBox, scope, context, test));
}

type Subject = {
  readonly connect: Pick<DeliveryConnect, "id" | "active" | "settings" | "texts" | "revision" | "gate">;
  readonly adaptor: Pick<DeliveryAdaptor, "id" | "stored" | "revision"> | null;
  /** null: as saved. */
  readonly definition: Definition | null;
};

async function sendTest(
  { db, engine }: TestDeps,
  test: TestOf,
  subjectOf: (scope: AccountScope, context: MappingContext) => Promise<Subject>,
): Promise<DeliveryId> {
  const now = new Date();
  const eventId = newUuidV7(now.getTime()) as EventId;
  const id = newUuidV7(now.getTime()) as DeliveryId;
  const { planned, subject, sampled } = await db.transaction(async (tx) => {
    const scope = accountScope(tx, test.accountId);
    const context = await mappingContext(scope);
    const lead = await leadSnapshot(scope, test.leadId ?? "latest");
    if (lead === null && test.leadId !== undefined)
      throw new ProblemError("not_found", { detail: `There is no lead ${test.leadId}.` });
    if (lead === null) throw new ProblemError("no_lead");
    const found = await subjectOf(scope, context);
    const sample = withSampleCall(lead.snapshot, mappingOptions(context, now).now);
    const event = {
      accountId: test.accountId,
      id: eventId,
      at: now,
      type: "test" as const,
      leadId: lead.leadId,
      source: test.source,
      snapshot: sample.snapshot,
    };
    const delivery = planDelivery({
      ...found,
      id,
      event,
      phoneNumber: lead.phoneNumber,
      context,
      now,
      fresh: () => true,
    });
    await acceptEvents(tx, [{ event, deliveries: [delivery] }], noHandover);
    return { planned: delivery, subject: found, sampled: sample.sampled };
  });
  if (planned.kind === "owed") {
    const callRows = subject.adaptor?.stored.fields.some((row) => row.section === "call" && row.to !== "") ?? false;
    engine.sendNow(planned.row, {
      ...(subject.definition === null ? {} : { definition: subject.definition }),
      notes: sampled && callRows ? ["The lead has no call yet: the values of call fields are samples"] : [],
    });
  }
  return id;
}

async function unsavedSubject(
  secretBox: SecretBox,
  scope: AccountScope,
  context: MappingContext,
  test: UnsavedTest,
): Promise<Subject> {
  const saved = test.connectId === undefined ? null : await lockForPlanning(scope, test.connectId);
  if (test.connectId !== undefined && saved === null)
    throw new ProblemError("not_found", { detail: `There is no connect ${test.connectId}.` });
  const previous = saved && {
    secrets: connectSecrets(secretBox, scope.accountId, saved.connect),
    origin: saved.connect.origin,
  };
  const sealed = sealConnect(test.connect, previous, context.customFields);
  if (!sealed.ok)
    throw new ProblemError("bad_input", {
      errors: sealed.problems.map(({ path, message }) => ({ path: `connect.${path}`, message })),
    });

  const adaptorId = test.connect.adaptor_id;
  const savedAdaptor = adaptorId === null ? null : await findAdaptor(scope, adaptorId);
  if (adaptorId !== null && savedAdaptor === null)
    throw new ProblemError("bad_input", {
      errors: [{ path: "connect.adaptor_id", message: `There is no adaptor ${adaptorId}` }],
    });
  const stored =
    savedAdaptor && secretsToTry(secretBox, scope.accountId, savedAdaptor, sealed.origin, typistOf(test.source));
  if (test.adaptor === undefined && stored !== null) refuseWithheld(stored.withheld);
  let secrets = stored?.secrets ?? {};
  let adaptor: Subject["adaptor"] = savedAdaptor;
  if (test.adaptor !== undefined) {
    const sealedAdaptor = sealAdaptor(test.adaptor, stored, context.customFields);
    if (!sealedAdaptor.ok)
      throw new ProblemError("bad_input", {
        errors: sealedAdaptor.problems.map(({ path, message }) => ({ path: `adaptor.${path}`, message })),
      });
    secrets = sealedAdaptor.secrets;
    adaptor = {
      id: savedAdaptor?.id ?? (0 as DeliveryAdaptor["id"]),
      stored: sealedAdaptor.stored,
      revision: savedAdaptor?.revision ?? 0,
    };
  }

  const connect = {
    // 0: settings that were never saved
    id: saved?.connect.id ?? (0 as ConnectId),
    active: true,
    settings: sealed.shown,
    texts: sealed.texts,
    origin: sealed.origin,
    revision: saved?.connect.revision ?? 0,
    gate: openGate,
  };
  const definition = {
    ...connect,
    name: sealed.shown.name,
    deleted: false,
    secrets: { ...secrets, ...sealed.secrets },
  };
  return { connect, adaptor, definition };
}

/** A secret of the adaptor stays where it was typed for, or with who typed it. */
function refuseWithheld(withheld: Readonly<Record<string, string>>): void {
  const errors = Object.values(withheld).map((message) => ({ path: "connect.adaptor_id", message }));
  if (errors.length > 0) throw new ProblemError("bad_input", { errors });
}
