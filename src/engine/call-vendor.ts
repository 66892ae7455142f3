import type { Diagnosis } from "../contracts/outcome.ts";
import { findPlaces } from "../core/fill-places.ts";
import type { Reading } from "../core/read-answer.ts";
import type { RequestPlan } from "../core/request.ts";
import { deliveryHeaders } from "../core/sent-headers.ts";
import { hasSecrets, type Text } from "../core/text.ts";
import { integratorOf } from "../integrators/index.ts";
import type { Sender, SentCall } from "../outbound/send.ts";
import type { ClaimedDue } from "../store/due.ts";
import type { Definition } from "./definitions.ts";

export type VendorDeps = {
  readonly sender: Pick<Sender, "send">;
  /** The values of places which the API URL got after the payload was frozen, from what the event knew. */
  readonly latePlaces: (claimed: ClaimedDue) => Promise<(name: string) => string>;
};

export type Tried =
  | {
      readonly ok: true;
      readonly sent: readonly SentCall[];
      /** The call that decides. */
      readonly last: SentCall;
      readonly reading: Reading | null;
    }
  /** Nothing was sent. */
  | { readonly ok: false; readonly diagnosis: Diagnosis };

/**
 * The calls of one attempt, in order, and what the integrator makes of the answers.
 * @param beforeWriting awaited when a connection is there, before the first call is written; what it rejects with passes.
 */
export async function callVendor(
  claimed: ClaimedDue,
  { settings, texts, secrets, origin }: Definition,
  { sender, latePlaces }: VendorDeps,
  beforeWriting?: () => Promise<void>,
): Promise<Tried> {
  const integrator = integratorOf(settings.api_integrator);
  const { payload } = claimed;
  const job = { settings, texts, payload };
  const subject = hasLatePlaces(texts.url, payload.places) ? { ...job, latePlace: await latePlaces(claimed) } : job;
  const sent: SentCall[] = [];
  for (;;) {
    const next = integrator.nextCall(
      subject,
      sent.map((call) => call.exchange),
    );
    if (next === null) break;
    if (!next.ok) return { ok: false, diagnosis: next.diagnosis };
    const { plan } = next;
    if (!goesHome(plan, origin)) return { ok: false, diagnosis: wrongOrigin };
    sent.push(
      await sender.send(plan, secrets, {
        timeoutMs: settings.timeout_seconds * 1000,
        followRedirects: settings.follow_redirects,
        extraHeaders: deliveryHeaders(claimed.id),
        freshConnection: settings.if_answer_lost === "hold",
        ...(beforeWriting !== undefined && sent.length === 0 ? { beforeWriting } : {}),
      }),
    );
  }
  const last = sent.at(-1);
  if (last === undefined) throw new Error(`${integrator.id} asked for no call`);
  const exchanges = sent.map((call) => call.exchange);
  return { ok: true, sent, last, reading: integrator.read(subject, exchanges, last.mask) };
}

function hasLatePlaces(url: Text, frozen: Readonly<Record<string, string>>): boolean {
  return url.some(
    (part) => typeof part === "string" && findPlaces(part).some(({ name }) => !Object.hasOwn(frozen, name)),
  );
}

/** Saving has bound secrets to an origin; this is asked once more where they go out. */
function goesHome({ url, headers, body }: RequestPlan, origin: string): boolean {
  const secret =
    hasSecrets(url) || (body !== null && hasSecrets(body)) || headers.some(({ value }) => hasSecrets(value));
  if (!secret) return true;
  const address = url.map((part) => (typeof part === "string" ? part : "x")).join("");
  return URL.parse(address)?.origin === origin;
}

const wrongOrigin: Diagnosis = {
  code: "blocked_address",
  message: "The API URL is not the address these credentials were saved for, so they were not sent",
  fix: "Save the connect anew, and type its secrets again",
  setting: "api_url",
};
