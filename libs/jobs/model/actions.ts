import type { Action } from './schedule.js';
import type { World } from './world.js';

/** What each action of a schedule does to the world. */
export const actions: Record<Action, (world: World, who: number, ms: number) => void> = {
  'a job is submitted': (world) => world.submit(),
  'is cancelled': (world, who) => world.cancel(who),
  'is requeued': (world, who) => world.requeue(who),
  crashes: (world, who) => world.worker(who).die(),
  'is told to stop': (world, who) => world.worker(who).drain(),
  'is frozen': (world, who, ms) => world.freeze(world.worker(who), ms),
  'cannot reach the database': (world, who, ms) => world.relink(who, 'cut', ms),
  'talks to a black hole': (world, who, ms) => world.relink(who, 'black hole', ms),
  'gets no answers': (world, who, ms) => world.relink(who, 'answers lost', ms),
  'gets answers too late': (world, who, ms) => world.relink(who, 'unanswered', ms),
  'gets slow answers': (world, who, ms) => world.relink(who, 'slow', ms),
  'is heard after it gave up': (world, who, ms) => world.relink(who, 'late', ms),
  'the database is down': (world, _who, ms) => world.system.outage(ms),
  "the database's clock jumps ahead": (world, _who, ms) => world.system.jump(ms),
  "the database's clock jumps back": (world, _who, ms) => world.system.jump(-ms),
  'has its wall clock put ahead': (world, who, ms) => world.setWallClock(who, ms * 50),
  'has its wall clock put back': (world, who, ms) => world.setWallClock(who, -ms * 50),
  'the queue is wiped': (world) => world.system.queue.wipe(),
  'the queue delivers twice': (world) => world.system.queue.redeliver(),
  'the queue is an hour late': (world) => world.system.queue.postpone(3_600_000),
  'the queue is down': (world, _who, ms) => world.system.queueOutage(ms),
};
