import { lookup as systemLookup, Resolver, type LookupAddress, type LookupOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { classifyAddress } from './addresses.js';
import { addressBlocked } from './outbound-error.js';

type ResolveAll = (
  hostname: string,
  family: number,
  done: (error: Error | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * The lookup of the agents' sockets: a name with even one refused address is refused. The socket connects to what
 * this returned and asks no second time, so a name that changes its mind (rebinding) gains nothing.
 * @param servers `ip:port` of the DNS servers to ask; none: the system's resolver, with its hosts file.
 * @param mayBePrivate whether private addresses pass; metadata addresses never do.
 */
export function guardedLookup(servers: readonly string[], mayBePrivate: boolean): LookupFunction {
  const resolveAll = servers.length > 0 ? askServers(servers) : askSystem;
  return (hostname, options, callback) => {
    resolveAll(hostname, familyOf(options), (error, addresses) => {
      const refusal = error ?? refuseAddresses(addresses, mayBePrivate);
      if (refusal !== null) return callback(refusal, '');
      if (options.all) return callback(null, addresses);
      callback(null, addresses[0].address, addresses[0].family);
    });
  };
}

function refuseAddresses(addresses: LookupAddress[], mayBePrivate: boolean): Error | null {
  if (addresses.length === 0) return Object.assign(new Error('No address.'), { code: 'ENOTFOUND' });
  const classes = addresses.map(({ address }) => classifyAddress(address));
  const refused = classes.includes('never') || (!mayBePrivate && classes.includes('private'));
  return refused ? Object.assign(new Error('Address refused.'), { code: addressBlocked }) : null;
}

const askSystem: ResolveAll = (hostname, family, done) => systemLookup(hostname, { all: true, family }, done);

function askServers(servers: readonly string[]): ResolveAll {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  resolver.setServers(servers);
  const ask = (family: 4 | 6, hostname: string) =>
    new Promise<LookupAddress[]>((resolve, reject) => {
      const answer = (error: Error | null, found: string[]) =>
        error ? reject(error) : resolve(found.map((address) => ({ address, family })));
      if (family === 4) resolver.resolve4(hostname, answer);
      else resolver.resolve6(hostname, answer);
    });
  return (hostname, family, done) => {
    const families = ([4, 6] as const).filter((one) => family === 0 || family === one);
    void Promise.allSettled(families.map((one) => ask(one, hostname))).then((answers) => {
      const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
      const failure = answers.find((answer) => answer.status === 'rejected');
      if (addresses.length === 0 && failure) done(failure.reason as Error, []);
      else done(null, addresses);
    });
  };
}

function familyOf(options: LookupOptions): number {
  if (options.family === 'IPv4') return 4;
  return options.family === 'IPv6' ? 6 : (options.family ?? 0);
}
