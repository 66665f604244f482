import type { Blow } from '../fault.js';
import type { Probe } from '../watch/probes.js';
import type { Check, Violation } from './check.js';
import type { AppRecord, Evidence } from './evidence.js';

/** Within this time readiness follows what happens. */
const noticeMs = 10_000;
/** A process that begins to answer may still be busy with its start for a moment. */
const settleMs = 1_000;
/** An orchestrator asks several times before it believes: one late answer on a busy machine is no finding. */
const patienceMs = 10_000;

/** `/health/live` answers 200 unless the process itself is down: an orchestrator would kill it for anything else. */
export const staysAlive: Check = {
  name: 'live stays green',
  find: ({ apps, probes }) =>
    apps.flatMap((app) => {
      const asked = probesOf(app, 'live', probes).filter((probe) => !absentAt(app, probe, settleMs));
      const wrong = asked.filter(({ status }) => status !== 200 && status !== 0);
      return [...wrong, ...lasting(asked)].map((probe) => describe(probe));
    }),
};

/** Green while nothing is lost, and again within ten seconds of its return. */
export const readyWhenItCan: Check = {
  name: 'ready is green when it can be',
  find: ({ apps, probes, blows }) =>
    apps.flatMap((app) => {
      const asked = probesOf(app, 'ready', probes).filter((probe) => !absentAt(app, probe, settleMs));
      return lasting(asked.filter((probe) => !blows.some((blow) => outageAt(blow, probe)))).map((probe) =>
        describe(probe),
      );
    }),
};

function probesOf(app: AppRecord, route: Probe['route'], probes: readonly Probe[]): Probe[] {
  return probes.filter((probe) => probe.app === app.name && probe.route === route).sort((a, b) => a.at - b.at);
}

/** The first probe of each row of bad answers that lasts longer than is tolerated. */
function lasting(probes: readonly Probe[]): Probe[] {
  const found: Probe[] = [];
  let since: Probe | undefined;
  for (const probe of probes) {
    if (probe.status === 200) since = undefined;
    else since ??= probe;
    if (since !== undefined && probe.answeredAt - since.at > patienceMs && found.at(-1) !== since) found.push(since);
  }
  return found;
}

/** Red within ten seconds of losing the database, a worker also the queue, without which an api serves on; outages shorter than that may pass unnoticed. */
export const redWithoutStores: Check = {
  name: 'ready is red without its stores',
  find: ({ apps, probes, blows }: Evidence) =>
    blows
      .filter(({ loses, at, healedAt }) => loses !== undefined && healedAt - at > noticeMs)
      .flatMap((blow) =>
        apps
          .filter((app) => turnsRed(app.name, blow) && !saysSo(app, blow, probes))
          .map((app): Violation => ({
            what: `${app.name} did not turn red within 10 s of losing the ${blow.loses} at ${time(blow.at)}`,
          })),
      ),
};

function saysSo(app: AppRecord, { at }: Blow, probes: readonly Probe[]): boolean {
  const inTime = probes.filter((probe) => probe.app === app.name && probe.at > at && probe.at <= at + noticeMs);
  return (
    inTime.some(({ route, status }) => route === 'ready' && status !== 200) ||
    app.absences.some(({ from, until }) => from < at + noticeMs && until > at)
  );
}

function absentAt({ absences }: AppRecord, { at, answeredAt }: Probe, graceMs: number): boolean {
  return absences.some(({ from, until }) => from <= answeredAt && at <= until + graceMs);
}

/** An api that has lost only its queue stays in service. */
function turnsRed(app: string, { loses, losers }: Blow): boolean {
  return (losers?.includes(app) ?? true) && !(loses === 'queue' && app.startsWith('api'));
}

function outageAt(blow: Blow, probe: Probe): boolean {
  const { loses, at, healedAt } = blow;
  return loses !== undefined && turnsRed(probe.app, blow) && at <= probe.answeredAt && probe.at <= healedAt;
}

function describe({ app, route, at, answeredAt, status }: Probe): Violation {
  const answer = status === 0 ? 'did not answer' : `answered ${status}`;
  return { what: `${app} /health/${route} at ${time(at)} ${answer} after ${answeredAt - at} ms` };
}

function time(at: number): string {
  return new Date(at).toISOString().slice(11, 23);
}
