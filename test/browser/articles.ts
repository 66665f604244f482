import type { PostToPublish } from '../support/publisher.js';

/** An article with all that Markdown can do. */
export const article = {
  slug: 'why-queues-grow',
  title: 'Why queues grow, and what to do before they do',
  description:
    'A queue is a promise to somebody who waits. How to see that it will be broken, an hour before anybody calls.',
  tags: ['operations', 'queues', 'backpressure'],
  keywords: ['queues', 'backpressure'],
  sources: [
    { id: 's1', title: 'The law of Little, explained with coffee', url: 'https://example.org/little' },
    { id: 's2', title: 'Notes of an on-call week', url: null },
  ],
  body: `A queue grows when more comes in than goes out. That is all there is to it, and yet **every team** is surprised by it once.

## The arithmetic

Somebody who waits in a line of \`L\` jobs, of which \`λ\` are done a second, waits \`L / λ\` seconds. See [the law of Little](https://example.org/little).

> What is measured at the door tells you about the past. What is measured at the end of the line tells you about now.

1. Measure the age of the oldest job, not the length of the line.
2. Refuse early, with a time after which it is worth trying again.
3. Give each owner a share:
   - by turns,
   - within limits.

### In code

\`\`\`sql
SELECT kind, now() - min(run_at) AS oldest FROM jobs WHERE status = 'PENDING' AND run_at <= now() GROUP BY kind ORDER BY oldest DESC;
\`\`\`

| signal | what it says | when to wake somebody |
|---|---|---:|
| age of the oldest job | how long people wait | 5 min |
| length of the queue | little, without the rate | never |
| failed rate | that work is in vain | 20 % |

## Backpressure is a courtesy

An honest *"not now, come back in 30 seconds"* is better than a promise that nobody keeps. A very long word that must not break the page: ${'Donaudampfschifffahrtsgesellschaft'.repeat(3)}.

---

In the end it is about people who wait.`,
} satisfies PostToPublish;

const titles: readonly (readonly [string, string, readonly string[]])[] = [
  [
    'Scaling workers on Kubernetes by the age of the oldest job',
    'A signal that does not lie, and how to hand it to the autoscaler.',
    ['kubernetes', 'operations'],
  ],
  [
    'Leases, fences, and the worker that came back',
    'A process that was frozen for a minute does not know it. Your database should.',
    ['reliability'],
  ],
  [
    'Fair turns for noisy neighbours',
    'One owner with ten thousand jobs, and one with a single one.',
    ['queues', 'operations'],
  ],
  ['Warteschlangen in der Praxis', 'Warum die Länge einer Schlange wenig sagt, und ihr Alter viel.', ['queues']],
  [
    'What a cancelled job still owes you',
    'Files, locks, half a report: cleaning up after a change of mind.',
    ['reliability', 'operations'],
  ],
  ['Reading the timeline of a failure', 'Every event of a job in order, and the one that matters.', ['operations']],
];

/** Further posts. */
export const headlines: readonly PostToPublish[] = titles.map(([title, description, tags], index) => ({
  slug: `article-${index + 1}`,
  title,
  description,
  tags,
  body: `${description} More about queues and those who wait in them.`,
  language: title.startsWith('Warte') ? 'german' : 'english',
}));
