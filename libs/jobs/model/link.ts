import type { Agenda } from './agenda.js';

/** What lies between a worker and the database. */
export type Link = 'good' | 'cut' | 'black hole' | 'answers lost' | 'unanswered' | 'slow' | 'late';

export const answerMs = 5;
/** `query_timeout` of a worker's connections. */
export const queryTimeoutMs = 10_000;

/**
 * Executes a statement or not, now or later, and answers or not.
 * @param execute runs the statement and hands on its answer, or fails while the database is down.
 * @param answered, failed are told after how many milliseconds the worker hears it.
 */
export function overLink<T>(
  link: Link,
  agenda: Agenda,
  execute: (then: (answer: T) => void) => void,
  databaseIsUp: () => boolean,
  answered: (answer: T, ms: number) => void,
  failed: (ms: number) => void,
): void {
  const unheard = () => {
    if (databaseIsUp()) execute(() => undefined);
  };
  switch (link) {
    case 'good':
      return execute((answer) => answered(answer, answerMs));
    case 'slow':
      return agenda.in(1_000, () => execute((answer) => answered(answer, queryTimeoutMs - 2_000)));
    case 'answers lost':
      unheard();
      return failed(answerMs);
    case 'unanswered':
      unheard();
      return failed(queryTimeoutMs);
    case 'late':
      agenda.in(queryTimeoutMs + 2_000, unheard);
      return failed(queryTimeoutMs);
    case 'black hole':
      return failed(queryTimeoutMs);
    case 'cut':
      return failed(answerMs);
  }
}
