import type { Principal } from '@longhaul/auth';
import type { LogEvent, JobEventType } from '@longhaul/jobs';
import { concerns, filterFor } from './task-filter.js';

const user: Principal = { subject: 'u1', username: 'u', roles: ['user'], issuer: 'local', expiresAt: new Date() };
const admin: Principal = { ...user, subject: 'a1', roles: ['admin'] };
const event = (type: JobEventType): LogEvent => ({
  jobId: '01a2012f-38ad-709e-9332-8b58132069b8',
  seq: 2,
  type,
  level: 'info',
  message: null,
  data: null,
  actor: 'x',
  at: new Date(2_000),
  kind: 'simulation',
  ownerId: 'u1',
  createdAt: new Date(1_000),
  xid: 7n,
});

describe('filterFor', () => {
  it('shows users their own tasks only, and admins everybody’s', () => {
    expect(filterFor(user, {})).toEqual({ limit: 50, ownerId: 'u1' });
    expect(filterFor(user, { owner_id: 'u1' }).ownerId).toBe('u1');
    expect(() => filterFor(user, { owner_id: 'u2' })).toThrow(expect.objectContaining({ code: 'forbidden' }));
    expect(filterFor(admin, {})).toEqual({ limit: 50 });
    expect(filterFor(admin, { owner_id: 'u2', limit: 7 })).toEqual({ limit: 7, ownerId: 'u2' });
  });
});

describe('concerns', () => {
  it('narrows by owner, type and time', () => {
    expect(
      concerns(event('started'), { limit: 1, ownerId: 'u1', kind: ['simulation'], createdAfter: new Date(999) }),
    ).toBe(true);
    expect(concerns(event('started'), { limit: 1, ownerId: 'u2' })).toBe(false);
    expect(concerns(event('started'), { limit: 1, kind: ['web_scrape'] })).toBe(false);
    expect(concerns(event('started'), { limit: 1, createdAfter: new Date(1_000) })).toBe(false);
    expect(concerns(event('started'), { limit: 1, createdBefore: new Date(1_000) })).toBe(false);
  });

  it('reports a task that leaves a wanted status once', () => {
    expect(concerns(event('submitted'), { limit: 1, status: ['PENDING'] })).toBe(true);
    expect(concerns(event('started'), { limit: 1, status: ['PENDING'] })).toBe(true);
    expect(concerns(event('progress'), { limit: 1, status: ['PENDING'] })).toBe(false);
    expect(concerns(event('succeeded'), { limit: 1, status: ['PENDING'] })).toBe(false);
    expect(concerns(event('succeeded'), { limit: 1, status: ['RUNNING'] })).toBe(true);
  });
});
