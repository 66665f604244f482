import type { ContentVersionEntity } from '../content-version.entity.js';

/** Step of a task that revises a version as somebody asks for it. */
export const revisionStep = 'revise';

const mark = '\n\nDone: ';

/** The reason of a version that a request led to. */
export function reasonOfRevision(request: string, done: string): string {
  return `${request}${mark}${done}`;
}

/**
 * What was asked of the versions that lead to a text, oldest first; what was rolled back holds no more.
 * @param versions of one item up to the version in question, which is the last one, by number.
 */
export function requestsBehind(
  versions: readonly Pick<ContentVersionEntity, 'number' | 'parent' | 'step' | 'reason'>[],
): string[] {
  const byNumber = new Map(versions.map((version) => [version.number, version]));
  const requests: string[] = [];
  for (let version = versions.at(-1); version !== undefined; version = byNumber.get(version.parent ?? 0)) {
    const { step, reason } = version;
    const end = reason?.lastIndexOf(mark) ?? -1;
    if (step === revisionStep && reason !== null && end > 0) requests.unshift(reason.slice(0, end));
    // Only ever backwards, whatever the rows say.
    byNumber.delete(version.number);
  }
  return requests;
}
