import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent';
import { guardedLookup } from './guarded-lookup.js';

/** A pair of agents; they keep connections of their own, so what one may reach is never lent to another. */
export interface Agents {
  readonly httpAgent: RequestFilteringHttpAgent;
  readonly httpsAgent: RequestFilteringHttpsAgent;
}

/** Public addresses for request-filtering-agent, but not to be fetched. */
const metadataAddresses = ['168.63.129.16', 'fd00:ec2::254', 'fd20:ce::254', '169.254.169.254', '100.100.100.200'];

/**
 * Agents that check every address before they connect to it, twice: by our own table in the lookup, and by
 * request-filtering-agent's.
 */
export function outboundAgents(dnsServers: readonly string[], mayBePrivate: boolean): Agents {
  const options = {
    keepAlive: true,
    maxFreeSockets: 4,
    allowPrivateIPAddress: mayBePrivate,
    denyIPAddressList: metadataAddresses,
    lookup: guardedLookup(dnsServers, mayBePrivate),
  };
  return {
    httpAgent: new RequestFilteringHttpAgent(options),
    httpsAgent: new RequestFilteringHttpsAgent(options),
  };
}

/** Closes the kept connections. */
export function destroyAgents(agents: Agents): void {
  agents.httpAgent.destroy();
  agents.httpsAgent.destroy();
}
