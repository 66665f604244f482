import { BlockList, isIP } from 'node:net';

/**
 * What an address is to us. `public`: anybody may fetch it; `private`: only targets of SCRAPE_ALLOW_HOSTS;
 * `never`: nobody may, because it hands out a cloud's credentials, or hides another address inside.
 */
export type AddressClass = 'public' | 'private' | 'never';

const never = blockList(
  // Metadata services: link-local (all clouds), Azure's wireserver, Alibaba, Oracle, and their IPv6 forms.
  ['169.254.0.0', 16],
  ['168.63.129.16', 32],
  ['100.100.100.200', 32],
  ['192.0.0.192', 32],
  ['fe80::', 10],
  ['fd00:ec2::254', 128],
  ['fd20:ce::254', 128],
  // "This host", multicast, reserved and broadcast.
  ['0.0.0.0', 8],
  ['224.0.0.0', 3],
  ['ff00::', 8],
  // Transition forms that carry an IPv4 address inside: NAT64, 6to4, Teredo.
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2002::', 16],
  ['2001::', 32],
);

const notPublic = blockList(
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
);

const globalIPv6 = blockList(['2000::', 3]);
const mappedIPv4 = blockList(['::ffff:0:0', 96]);
const compatibleIPv4 = blockList(['::', 96]);

/** @param address an IP address in any notation that `net.isIP` knows; anything else is `never`. */
export function classifyAddress(address: string): AddressClass {
  const family = isIP(address);
  if (family === 0 || address.includes('%')) return 'never';
  if (family === 4) return never.check(address) ? 'never' : notPublic.check(address) ? 'private' : 'public';
  return classifyIPv6(address);
}

function classifyIPv6(address: string): AddressClass {
  // BlockList looks through ::ffff:a.b.c.d by itself; such an address is never public, whatever it carries.
  if (never.check(address, 'ipv6')) return 'never';
  if (mappedIPv4.check(address, 'ipv6')) return 'private';
  if (compatibleIPv4.check(address, 'ipv6')) return isLoopbackIPv6(address) ? 'private' : 'never';
  if (notPublic.check(address, 'ipv6')) return 'private';
  return globalIPv6.check(address, 'ipv6') ? 'public' : 'private';
}

function isLoopbackIPv6(address: string): boolean {
  return new URL(`http://[${address}]/`).hostname === '[::1]';
}

function blockList(...subnets: [network: string, prefix: number][]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of subnets) list.addSubnet(network, prefix, network.includes(':') ? 'ipv6' : 'ipv4');
  return list;
}
