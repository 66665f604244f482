import type { Config } from '@longhaul/config';

/** Budgets of calls: each caller has one of each class a minute. */
export const limitClasses = ['submit', 'read', 'stream', 'login', 'public'] as const;
export type LimitClass = (typeof limitClasses)[number];

/** Length of every window, in seconds. */
export const windowSeconds = 60;

/** How many calls of a class one caller has in a window. */
export function quotaOf(config: Config, limitClass: LimitClass): number {
  const quotas: Record<LimitClass, number> = {
    submit: config.RATE_LIMIT_SUBMIT,
    read: config.RATE_LIMIT_READ,
    stream: config.RATE_LIMIT_STREAM,
    login: config.RATE_LIMIT_LOGIN,
    public: config.RATE_LIMIT_PUBLIC,
  };
  return quotas[limitClass];
}

/** What anybody may read: the site, its JSON, and what tells programs about it. */
function isPublicSite(route: string): boolean {
  return /^\/(site|public)(\/|$)/.test(route) || route === '/robots.txt';
}

/** Where passwords and tickets could be tried out; a refresh comes with every page that is loaded, and is no guess. */
const signIns = new Set(['/console/session', '/console/session/link']);

/** What makes tasks, or writes versions and rows of the approval history, which are kept for ever. */
const submits = new Set([
  ...[
    'POST /tasks',
    'POST /tasks/batch',
    'POST /tasks/bulk',
    'POST /tasks/:id/retry',
    'POST /reviews/bulk',
    'PATCH /content/:id',
  ],
  ...['rollback', 'approve', 'reject', 'publish', 'unpublish'].map((verb) => `POST /content/:id/${verb}`),
]);

/**
 * The class of a route, or null for health probes, which must answer whatever the limiter does.
 * @param route the route's pattern, such as `/tasks/:id`.
 */
export function limitClassOf(method: string, route: string): LimitClass | null {
  if (route.startsWith('/health/')) return null;
  if (isPublicSite(route)) return 'public';
  if (method === 'POST' && (route.startsWith('/auth/') || signIns.has(route))) return 'login';
  if (submits.has(`${method} ${route}`)) return 'submit';
  return route.endsWith('/stream') ? 'stream' : 'read';
}
