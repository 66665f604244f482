import type { EffectCall } from '../watch/effect-sink.js';
import type { Check, Violation } from './check.js';

/** Effects count by task and step, as their sender means them: the sink itself only looked at keys and fences. */
export const effectsOnce: Check = {
  name: 'an effect happens once',
  column: 'doubled',
  find: ({ effects }) => {
    const applied = effects.filter(({ answer }) => answer === 'applied');
    const byStep = Map.groupBy(applied, ({ taskId, step }) => `${taskId} ${step}`);
    return [...byStep.values()]
      .filter((calls) => calls.length > 1)
      .map(([{ taskId, step }, ...again]) => ({
        taskId,
        what: `had the effect of step ${step} ${again.length + 1} times`,
      }));
  },
};

export const effectsComplete: Check = {
  name: 'a success has all its effects',
  find: ({ accepted, jobs, effects }) => {
    const done = new Set(
      effects.filter(({ answer }) => answer === 'applied').map(({ taskId, step }) => `${taskId} ${step}`),
    );
    return accepted.flatMap(({ taskId, plan }): Violation[] => {
      if (plan.body.effects !== true || jobs.get(taskId)?.status !== 'SUCCESS') return [];
      const steps = Array.from({ length: Number(plan.body.steps) }, (_, index) => index + 1);
      const missing = steps.filter((step) => !done.has(`${taskId} ${step}`));
      return missing.length === 0
        ? []
        : [{ taskId, what: `succeeded without the effects of steps ${missing.join(', ')}` }];
    });
  },
};

export const fenceOfOneProcess: Check = {
  name: 'no two processes under one fence',
  find: ({ effects }) => {
    const byFence = Map.groupBy(effects, ({ taskId, fence }) => `${taskId} ${fence}`);
    return [...byFence.values()]
      .filter((calls) => new Set(calls.map((call) => call.process)).size > 1)
      .map(([{ taskId, fence }]) => ({ taskId, what: `had effects of several processes under fence ${fence}` }));
  },
};

/**
 * An attempt has the effect of a step only after the step before it is checkpointed, so whoever comes after it goes on
 * from that step at the least: nobody does more than one checkpoint's work again.
 */
export const goesOnFromCheckpoint: Check = {
  name: 'an attempt goes on from the last checkpoint',
  find: ({ effects }) =>
    [...Map.groupBy(effects, ({ taskId }) => taskId)].flatMap(([taskId, calls]) => {
      const what = workDoneAgain(calls);
      return what === null ? [] : [{ taskId, what }];
    }),
};

function workDoneAgain(calls: readonly EffectCall[]): string | null {
  const firsts = [...Map.groupBy(calls, ({ fence }) => fence).values()].map((ofFence) => ofFence[0]);
  for (const first of firsts) {
    const before = calls.filter(({ fence, at }) => fence < first.fence && at < first.at);
    const reached = Math.max(0, ...before.map(({ step }) => step));
    if (first.step < reached) return `began at step ${first.step} under fence ${first.fence}, after step ${reached}`;
  }
  return null;
}
