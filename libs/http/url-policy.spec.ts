import { loadConfig } from '@longhaul/config';
import { classifyAddress } from './addresses.js';
import { isAllowListed, refuseUrl, urlPolicyOf } from './url-policy.js';

const policy = (variables: Record<string, string> = {}) => urlPolicyOf(loadConfig(variables));

describe('the check of a URL as it stands', () => {
  it.each([
    'https://example.com',
    'http://example.com:80/a?b=c#d',
    'https://example.com:443/',
    'https://93.184.215.14/',
    'https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/',
    'https://bücher.example/ü?q=a\\b',
  ])('lets %s pass', (url) => {
    expect(refuseUrl(url, policy())).toBeNull();
  });

  it.each([
    '',
    'example.com',
    '//example.com/',
    'http://',
    'javascript:alert(1)',
    'file:///etc/passwd',
    'blob:https://example.com/1',
    'ws://example.com/',
    'http://user@example.com/',
    'http://:secret@example.com/',
    'http://example.com:22/',
    'http://example.com:8080/',
    ' http://example.com/',
    'http://exa\tmple.com/',
    'http://example.com/\u0000',
    'http://localhost/',
    'http://LOCALHOST./',
    'http://a.localhost/',
    'http://redis/',
    'http://printer.local/',
    'http://metadata.google.internal/computeMetadata/v1/',
  ])('refuses %j', (url) => {
    expect(refuseUrl(url, policy())).toEqual(expect.any(String));
  });

  it('allows a private target by host and port, and no other port of it', () => {
    const allowing = policy({ SCRAPE_ALLOW_HOSTS: '127.0.0.1:3000, wiki.internal:8443 ,[::1]:3000' });
    for (const url of ['http://127.0.0.1:3000/', 'https://wiki.internal:8443/', 'http://[::1]:3000/']) {
      expect(refuseUrl(url, allowing)).toBeNull();
      expect(isAllowListed(new URL(url), allowing)).toBe(true);
    }
    for (const url of [
      'http://127.0.0.1/',
      'http://127.0.0.1:6379/',
      'https://wiki.internal/',
      'http://127.0.0.2:3000/',
    ]) {
      expect(refuseUrl(url, allowing)).toEqual(expect.any(String));
    }
  });

  it('allows every port of a host that is named without one', () => {
    expect(refuseUrl('http://wiki.internal:9999/', policy({ SCRAPE_ALLOW_HOSTS: 'wiki.internal' }))).toBeNull();
    expect(refuseUrl('http://[::1]:9999/', policy({ SCRAPE_ALLOW_HOSTS: '::1' }))).toBeNull();
  });

  it('never allows a metadata address, not even by name', () => {
    const hosts = ['169.254.169.254', '168.63.129.16', '[fd00:ec2::254]', '[::ffff:169.254.169.254]', '0.0.0.0'];
    const allowing = policy({ SCRAPE_ALLOW_HOSTS: hosts.join(',') });
    for (const host of hosts) expect(refuseUrl(`http://${host}/`, allowing)).toEqual(expect.any(String));
  });

  it.each([
    ['SCRAPE_ALLOW_HOSTS', 'http://a/b'],
    ['SCRAPE_ALLOW_HOSTS', 'a/b'],
    ['OUTBOUND_PORTS', '80,http'],
  ])('refuses %s=%s at start', (name, value) => {
    expect(() => policy({ [name]: value })).toThrow(name);
  });
});

describe('the classes of addresses', () => {
  it.each([
    ['public', ['8.8.8.8', '172.15.0.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450:4001::200e']],
    [
      'private',
      ['10.1.2.3', '127.255.0.1', '192.168.0.1', '100.64.0.1', '198.19.0.1', '::1', 'fd12::1', '::ffff:8.8.8.8'],
    ],
    ['never', ['169.254.1.1', '168.63.129.16', 'fd00:0ec2:0::254', '0.0.0.0', '::', '239.0.0.1', '255.255.255.255']],
    ['never', ['fe80::1', 'ff02::1', '::ffff:a9fe:a9fe', '::7f00:1', '64:ff9b::7f00:1', '2002:7f00:1::1', '2001::1']],
    ['never', ['', 'localhost', '127.1', 'fe80::1%eth0']],
  ])('%s: %j', (expected, addresses) => {
    expect(addresses.map((address) => [address, classifyAddress(address)])).toEqual(
      addresses.map((address) => [address, expected]),
    );
  });
});
