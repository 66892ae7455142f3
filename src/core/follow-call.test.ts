import { expect, test } from "vitest";
import type { LeadId } from "../contracts/ids.ts";
import { chooseCall, countCall, followCall, type Call, type LeadCounts, type Told } from "./follow-call.ts";

const at = (time: string): Date => new Date(`2026-03-01T${time}Z`);
const call = (more: Partial<Call> = {}): Call => ({
  id: 1, callKey: null, leadId: 7 as LeadId, phoneNumber: "3105550142", campaignId: null, listId: 1, queueId: null,
  inboundNumberId: null, agentId: null, originatingAgentId: null, callType: null, status: null, termReason: null,
  lengthInSec: null, queueSeconds: null, queuePosition: null, callerId: null, agentComment: null, recording: null,
  counted: false, startedAt: at("10:00:00"), endedAt: null, ...more,
}); // prettier-ignore
const ended = { endedAt: at("10:01:00"), counted: true };

const choices: { name: string; type: string; recent: Call[]; chosen: number | null; now?: string }[] = [
  { name: "a start is a new call, though another is under way", type: "call.started", recent: [call()], chosen: null },
  { name: "an end is of the call under way", type: "call.ended", recent: [call({ id: 2, ...ended }), call()], chosen: 1 },
  { name: "an end with no call under way is of a new one", type: "call.ended", recent: [call(ended)], chosen: null },
  { name: "a call that began more than 4 hours ago is not under way", type: "call.ended", recent: [call()], chosen: null, now: "14:00:01" },
  { name: "a disposition is of the call under way first", type: "call.dispositioned", recent: [call({ id: 2, ...ended }), call()], chosen: 1 },
  { name: "else of the last one that ended without", type: "call.dispositioned", recent: [call({ id: 3, ...ended, status: "NI" }), call({ id: 2, ...ended })], chosen: 2 },
  { name: "one that has its disposition gets no second one by the way", type: "call.dispositioned", recent: [call({ ...ended, status: "NI" })], chosen: null },
  { name: "a later disposition is of the last call", type: "call.redispositioned", recent: [call({ id: 3, ...ended, status: "NI" }), call()], chosen: 3, now: "23:00:00" },
  { name: "everything else is about the call under way", type: "x.note", recent: [call()], chosen: 1 },
]; // prettier-ignore
test.for(choices)("$name", ({ type, recent, chosen, now = "10:05:00" }) => {
  expect(chooseCall(type, recent, at(now))?.id ?? null).toBe(chosen);
});

const steps: { name: string; type: string; known: Call | null; told: Told; is: Partial<Call> }[] = [
  { name: "a start begins when it happened", type: "call.started", known: null, told: {}, is: { startedAt: at("10:05:00"), endedAt: null, counted: false } },
  { name: "or when it is said to have begun", type: "call.started", known: null, told: { startedAt: at("09:00:00") }, is: { startedAt: at("09:00:00") } },
  { name: "an end ends it, measures it and counts it", type: "call.ended", known: call(), told: {}, is: { endedAt: at("10:05:00"), lengthInSec: 300, counted: true } },
  { name: "a length that is told counts, not the measured one", type: "call.ended", known: call(), told: { lengthInSec: 12 }, is: { lengthInSec: 12 } },
  { name: "a call known by its end alone began so long before", type: "call.ended", known: null, told: { lengthInSec: 60 }, is: { startedAt: at("10:04:00"), lengthInSec: 60 } },
  { name: "and without a length none is made up", type: "call.ended", known: null, told: {}, is: { startedAt: at("10:05:00"), lengthInSec: null } },
  { name: "a disposition ends a call that nobody ended", type: "call.dispositioned", known: call(), told: { status: "SALE" }, is: { status: "SALE", endedAt: at("10:05:00"), counted: true } },
  { name: "a disposition after the end leaves the end", type: "call.dispositioned", known: call(ended), told: { status: "SALE" }, is: { endedAt: at("10:01:00"), status: "SALE" } },
  { name: "a status told before the disposition is not kept as one", type: "call.ended", known: call(), told: { status: "NA" }, is: { status: null } },
  { name: "a start that comes late opens nothing again", type: "call.started", known: call({ ...ended, startedAt: at("10:06:00") }), told: {}, is: { startedAt: at("10:05:00"), endedAt: at("10:01:00"), counted: true } },
  { name: "what was known stays when it isn't named", type: "call.ended", known: call({ agentId: 5, recording: "r" }), told: { agentId: undefined, recording: "s" }, is: { agentId: 5, recording: "s" } },
]; // prettier-ignore
test.for(steps)("$name", ({ type, known, told, is }) => {
  const fresh = call({ id: null, startedAt: at("10:05:00") });
  expect(followCall(type, known, told, fresh, at("10:05:00"))).toMatchObject(is);
});

const none: LeadCounts = {
  status: "NEW", calledCount: 3, calledCountInbound: 1, lastCalled: at("09:00:00"), lastViewed: null, lastReachedAt: null,
  finalReachedAt: at("23:00:00"),
}; // prettier-ignore
const counts: { name: string; type: string; before?: Call; after?: Call; status?: { code: string; reached: boolean; final: boolean }; is: Partial<LeadCounts> }[] = [
  { name: "a call is counted when it is over", type: "call.ended", before: call(), after: call(ended), is: { calledCount: 4, calledCountInbound: 1, lastCalled: at("10:00:00") } },
  { name: "an inbound call counts as such too", type: "call.ended", after: call({ ...ended, callType: "INBOUND" }), is: { calledCount: 4, calledCountInbound: 2 } },
  { name: "a call is counted once", type: "call.dispositioned", before: call(ended), after: call(ended), is: { calledCount: 3 } },
  { name: "a start is not counted, but the lead was called", type: "call.started", after: call(), is: { calledCount: 3, lastCalled: at("10:00:00") } },
  { name: "an earlier call told late doesn't set the clock back", type: "call.ended", after: call({ ...ended, startedAt: at("08:00:00") }), is: { lastCalled: at("09:00:00") } },
  { name: "an event that only mentions a call is no call", type: "x.note", before: call(), after: call(), is: { calledCount: 3, lastCalled: at("09:00:00") } },
  { name: "a view is kept", type: "lead.viewed", is: { lastViewed: at("10:05:00"), lastCalled: at("09:00:00") } },
  { name: "a reached status is stamped", type: "call.dispositioned", status: { code: "CB", reached: true, final: false }, is: { status: "CB", lastReachedAt: at("10:05:00"), finalReachedAt: at("23:00:00") } },
  { name: "a later final stamp stays", type: "call.dispositioned", status: { code: "SALE", reached: false, final: true }, is: { status: "SALE", lastReachedAt: null, finalReachedAt: at("23:00:00") } },
]; // prettier-ignore
test.for(counts)("$name", ({ type, before = null, after, status = null, is }) => {
  const counted = countCall(none, { type, at: at("10:05:00") }, after === undefined ? null : { before, after }, status);
  expect(counted).toMatchObject(is);
});
