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

const submits = new Set(['/tasks', '/tasks/batch', '/tasks/:id/retry', '/content/:id/reject', '/reviews/bulk']);

/**
 * The class of a route, or null for health probes, which must answer whatever the limiter does.
 * @param route the route's pattern, such as `/tasks/:id`.
 */
export function limitClassOf(method: string, route: string): LimitClass | null {
  if (route.startsWith('/health/')) return null;
  if (isPublicSite(route)) return 'public';
  if (method === 'POST' && route.startsWith('/auth/')) return 'login';
  if (method === 'POST' && submits.has(route)) return 'submit';
  return route.endsWith('/stream') ? 'stream' : 'read';
}
