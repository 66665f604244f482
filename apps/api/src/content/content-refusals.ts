import type { WritingRefusal } from '@longhaul/content';
import { invalidBody, noSuchContent, Problem, retryAfter } from '../problems/problem.js';

/** What was done. @throws Problem that says why it was not. */
export function doneOrRefused<Done extends { readonly outcome: 'done' }>(answer: Done | WritingRefusal): Done {
  if (answer.outcome === 'done') return answer;
  throw problemOf(answer);
}

function problemOf(refusal: WritingRefusal): Problem {
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
    case 'too_many_versions':
      return new Problem('too_many_versions');
    case 'owner_full':
      return new Problem(
        'too_many_unfinished_tasks',
        'The owner of this content has too many unfinished tasks: wait for some to end.',
        retryAfter(refusal.retryAfterSeconds),
      );
    case 'full':
      return new Problem('overloaded', undefined, retryAfter(refusal.retryAfterSeconds));
    case 'no_such_version':
      return invalidBody([{ pointer: '/version', detail: 'must be the number of an older version of this content' }]);
  }
}
