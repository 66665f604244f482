import { Command } from 'commander';
import { loadConfig } from '@longhaul/config';
import { RunningByHost } from '@longhaul/jobs';
import { Cluster } from './pod-costs/cluster.js';
import { keepPodCosts } from './pod-costs/pod-costs.js';

/** How often the costs are brought up to date, in milliseconds: scaling in takes minutes to decide. */
const everyMs = 15_000;
/** Where every pod finds its cluster. */
const server = 'https://kubernetes.default.svc';
const account = '/var/run/secrets/kubernetes.io/serviceaccount';

/** `pod-costs`: tells Kubernetes which workers to take first, until SIGTERM. Its exit code is 1 when it may not. */
export function podCostsCommand(): Command {
  return new Command('pod-costs')
    .description('In Kubernetes: keeps the deletion costs of worker pods at their numbers of running jobs.')
    .action(async () => {
      const stopping = new AbortController();
      for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => stopping.abort());
      const jobs = await RunningByHost.open(loadConfig());
      const cluster = new Cluster(server, account);
      try {
        const tell = (problem: string) => process.stderr.write(`${problem}\n`);
        await keepPodCosts(jobs, cluster, everyMs, stopping.signal, tell);
      } finally {
        await jobs.close();
      }
    });
}
