/**
 * Whether a lead is within a workflow's share (spec 4, *Perform action on*): a stable hash of (workflow, lead), so that
 * a lead is in or out for good and raising the figure only adds leads. Resolution is 0.0001 %.
 */
export function isWithinShare(workflowId: number, leadId: number, percentage: number): boolean {
  return shareOf(workflowId, leadId) < percentage * 10_000;
}

/** 0 … 999,999, evenly spread. 32-bit FNV-1a over the decimal ids, then the finalizer of MurmurHash3 (both public domain). */
function shareOf(workflowId: number, leadId: number): number {
  let hash = 0x811c9dc5;
  for (const char of `${workflowId}:${leadId}`) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  hash ^= hash >>> 16;
  return Math.floor(((hash >>> 0) / 0x1_0000_0000) * 1_000_000);
}
