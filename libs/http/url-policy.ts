import type { Config } from '@longhaul/config';
import { isIP } from 'node:net';
import { classifyAddress } from './addresses.js';

/** Which URLs of clients may be fetched, as far as a URL alone tells. */
export interface UrlPolicy {
  readonly ports: ReadonlySet<number>;
  /** Targets that may be private; `port` null means every port of the host. */
  readonly allowed: readonly { readonly host: string; readonly port: number | null }[];
}

/** Names that never mean a host of the public internet. */
const privateSuffixes = ['localhost', 'local', 'localdomain', 'internal', 'intranet', 'lan', 'home.arpa', 'onion'];

/** @throws Error naming the variable and the entry that cannot be read. */
export function urlPolicyOf(config: Pick<Config, 'OUTBOUND_PORTS' | 'SCRAPE_ALLOW_HOSTS'>): UrlPolicy {
  return {
    ports: new Set(config.OUTBOUND_PORTS.map(portOf)),
    allowed: config.SCRAPE_ALLOW_HOSTS.map(allowedTarget),
  };
}

/**
 * Says why a URL must not be fetched, or null. Looks at the text only (scheme, port, user name, literal addresses in
 * every notation): what a name resolves to is checked again when the connection is made.
 */
export function refuseUrl(url: string, policy: UrlPolicy): string | null {
  // Parsers differ on these, so a URL with them means different hosts to different programs.
  if (/^[^?#]*\\/.test(url) || hasControlsOrSpace(url)) return 'The URL has a backslash, space or control character.';
  const parsed = URL.parse(url);
  if (parsed === null) return 'The URL is not valid.';
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') return 'Only http and https URLs are fetched.';
  if (parsed.username !== '' || parsed.password !== '') return 'A URL with a user name or password is not fetched.';
  return refuseTarget(parsed, policy);
}

/** Whether the operator named this target in SCRAPE_ALLOW_HOSTS. */
export function isAllowListed(url: URL, policy: UrlPolicy): boolean {
  const host = bareHost(url);
  const port = effectivePort(url);
  return policy.allowed.some((target) => target.host === host && (target.port === null || target.port === port));
}

function refuseTarget(url: URL, policy: UrlPolicy): string | null {
  const host = bareHost(url);
  const allowListed = isAllowListed(url, policy);
  if (isIP(host) !== 0) {
    const kind = classifyAddress(host);
    if (kind === 'never' || (kind === 'private' && !allowListed)) return 'The address is not a public one.';
  }
  if (allowListed) return null;
  if (!policy.ports.has(effectivePort(url))) return `Port ${effectivePort(url)} is not allowed.`;
  if (isIP(host) === 0 && isPrivateName(host)) return 'The host is not a public one.';
  return null;
}

function isPrivateName(host: string): boolean {
  return !host.includes('.') || privateSuffixes.some((suffix) => host.endsWith(`.${suffix}`));
}

/** The host without the brackets of IPv6 and without a closing dot. */
function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

function effectivePort(url: URL): number {
  return url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
}

function hasControlsOrSpace(text: string): boolean {
  return /[\u0000-\u0020\u007f]/.test(text);
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65535) throw new Error(`OUTBOUND_PORTS: "${text}" is no port.`);
  return port;
}

function allowedTarget(entry: string): { host: string; port: number | null } {
  const withPort = /^(\[[^\]]*\]|[^:]+):(\d+)$/.exec(entry);
  const name = withPort?.[1] ?? entry;
  const url = URL.parse(`http://${isIP(name) === 6 ? `[${name}]` : name}/`);
  if (url === null || url.pathname !== '/' || url.port !== '' || url.username !== '') {
    throw new Error(`SCRAPE_ALLOW_HOSTS: "${entry}" is neither host nor host:port.`);
  }
  return { host: bareHost(url), port: withPort === null ? null : Number(withPort[2]) };
}
