import type { Check } from './check.js';

/** More would fill a disk, or hide what matters. */
const mostLogLines = 200;
/** Sockets that come and go: probes, pooled connections, streams that were just closed. */
const spareHandles = 40;

export const noAccidents: Check = {
  name: 'no process ends by itself',
  find: ({ apps, disorderly, crashes }) => {
    const crashed = apps.flatMap(({ name, accidents }) =>
      accidents.filter((exit) => !crashes.includes(exit)).map((exit) => `${name} ended by itself with ${exit}`),
    );
    return [...crashed, ...disorderly].map((what) => ({ what }));
  },
};

export const oneLeader: Check = {
  name: 'one leader at a time',
  find: ({ usurpations }) =>
    usurpations.map(({ by, from, leftMs }) => ({
      what: `${by} took the lead from ${from}, who had ${leftMs} ms left`,
    })),
};

export const rightAnswers: Check = {
  name: 'clients get answers that they can use',
  find: ({ wrongAnswers }) => wrongAnswers.map((what) => ({ what })),
};

export const quietLogs: Check = {
  name: 'fewer than 200 log lines a second',
  find: ({ apps }) =>
    apps
      .filter(({ logLinesPerSecond }) => logLinesPerSecond >= mostLogLines)
      .map(({ name, logLinesPerSecond }) => ({ what: `${name} wrote ${logLinesPerSecond} lines in one second` })),
};

/** What a pool may hold is no leak, so the bound is what the pools of a process add up to. */
export const nothingLeaks: Check = {
  name: 'handles and connections go back',
  find: ({ apps, config, connectionsBefore, connectionsAfter }) => {
    // The pool of the tables, that of the queue (queue-connection.ts: ten more), and the hints' listener.
    const pools = config.DATABASE_POOL_SIZE * 2 + 10 + 1;
    const handles = apps
      .filter(({ handlesBefore, handlesAfter }) => handlesAfter > handlesBefore + pools + spareHandles)
      .map(({ name, handlesBefore, handlesAfter }) => ({
        what: `${name} has ${handlesAfter} handles; had ${handlesBefore}`,
      }));
    const most = Math.max(connectionsBefore, pools * apps.length);
    if (connectionsAfter <= most) return handles;
    return [
      ...handles,
      { what: `${connectionsAfter} connections to PostgreSQL; before the load ${connectionsBefore}` },
    ];
  },
};
