import type { Refusal, RevisionRefusal } from '@longhaul/content';
import { invalidBody, noSuchContent, Problem } from '../problems/problem.js';

/** What was done. @throws Problem that says why it was not. */
export function doneOrRefused<Done extends { readonly outcome: 'done' }>(
  answer: Done | Refusal | RevisionRefusal,
): Done {
  if (answer.outcome === 'done') return answer;
  throw problemOf(answer);
}

function problemOf(refusal: Refusal | RevisionRefusal): Problem {
  switch (refusal.outcome) {
    case 'missing':
      return noSuchContent();
    case 'stale':
      return new Problem('stale_version');
    case 'wrong_state':
      return new Problem('wrong_state', `The version is ${refusal.state}.`);
    case 'four_eyes':
      return new Problem('four_eyes');
    case 'no_seo':
      return invalidBody([
        { pointer: '/seo', detail: 'is needed: no version of this content has search metadata yet' },
      ]);
    case 'no_such_version':
      return invalidBody([{ pointer: '/version', detail: 'must be the number of an older version of this content' }]);
    case 'owner_full':
    case 'full':
      return revisionRefused(refusal);
  }
}

function revisionRefused({ outcome, retryAfterSeconds }: RevisionRefusal): Problem {
  const headers = { 'retry-after': String(Math.max(1, Math.ceil(retryAfterSeconds))) };
  return new Problem(
    outcome === 'full' ? 'overloaded' : 'too_many_unfinished_tasks',
    'The rejection is recorded, but its revision cannot start now: repeat the call later.',
    { headers },
  );
}
