import type { PausedKind } from '@longhaul/jobs';
import type { KindStateDto } from './kinds.dto.js';

/** @param names of users by id. */
export function presentKindState(
  kind: string,
  paused: PausedKind | null,
  names: ReadonlyMap<string, string>,
): KindStateDto {
  return {
    task_type: kind,
    paused: paused !== null,
    paused_by: paused?.pausedBy ?? null,
    paused_by_name: (paused && names.get(paused.pausedBy)) ?? null,
    paused_at: paused?.pausedAt.toISOString() ?? null,
    reason: paused?.reason ?? null,
  };
}
