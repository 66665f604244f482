import type { FailedGroup, GroupChange } from '@longhaul/jobs';
import type { CanaryDto, FailedGroupDto, GroupChangeDto } from './failed.dto.js';

export function presentGroup(group: FailedGroup): FailedGroupDto {
  return {
    fingerprint: group.fingerprint,
    task_type: group.kind,
    code: group.code,
    message: group.message,
    count: group.count,
    first_seen: group.firstSeen.toISOString(),
    last_seen: group.lastSeen.toISOString(),
    sample_task_id: group.sampleId,
    canary: presentCanary(group.canary),
  };
}

export function presentGroupChange({ changed, remaining, canary }: GroupChange): GroupChangeDto {
  return { changed, remaining, canary: presentCanary(canary) };
}

function presentCanary(canary: FailedGroup['canary']): CanaryDto | null {
  return canary && { task_id: canary.id, status: canary.status };
}
