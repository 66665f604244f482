/**
 * How long an attempt goes on without a proof of its lease, in milliseconds: five of thirty seconds are left for the
 * handler to stop before somebody else may take the job.
 */
export function longestUnprovedMs(leaseSeconds: number): number {
  return (leaseSeconds * 1000 * 5) / 6;
}

/** How often that is looked at, in milliseconds. */
export function selfFenceCheckMs(leaseSeconds: number): number {
  return longestUnprovedMs(leaseSeconds) / 25;
}

/**
 * Whether the lease can no longer be proved, so that another worker may own the job. Both times are monotonic.
 * @param provedAt when the last acknowledged claim or heartbeat was *sent*: the lease began no earlier, and neither a
 *   slow answer nor a changed wall clock makes the attempt late.
 */
export function isUnproved(provedAt: number, now: number, leaseSeconds: number): boolean {
  return now - provedAt > longestUnprovedMs(leaseSeconds);
}
