import { setTimeout as pause } from 'node:timers/promises';
import { Command } from 'commander';
import { loadConfig } from '@longhaul/config';
import { RunningByHost } from '@longhaul/jobs';
import { Cluster } from './pod-costs/cluster.js';
import { writePodCosts } from './pod-costs/pod-costs.js';

/** How often the costs are brought up to date, in milliseconds: scaling in takes minutes to decide. */
const everyMs = 15_000;
/** Where every pod finds its cluster. */
const server = 'https://kubernetes.default.svc';
const account = '/var/run/secrets/kubernetes.io/serviceaccount';

/** `pod-costs`: tells Kubernetes which workers to take first, until SIGTERM. */
export function podCostsCommand(): Command {
  return new Command('pod-costs')
    .description('In Kubernetes: keeps the deletion costs of worker pods at their numbers of running jobs.')
    .action(async () => {
      const stopping = new AbortController();
      for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => stopping.abort());
      const jobs = await RunningByHost.open(loadConfig());
      const cluster = new Cluster(server, account);
      while (!stopping.signal.aborted) {
        await writePodCosts(jobs, cluster).catch((error: Error) => process.stderr.write(`${error.message}\n`));
        await pause(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
      await jobs.close();
    });
}
