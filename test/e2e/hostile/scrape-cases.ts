import type { ScrapeCase } from './hostile-case.js';

/** Addresses that a job must never fetch; names are those of the test's own DNS server. */
export const scrapeCases: readonly ScrapeCase[] = [
  { id: 'scrape-02', title: 'localhost', url: 'http://localhost/' },
  { id: 'scrape-04', title: 'decimal', url: 'http://2130706433/' },
  { id: 'scrape-06', title: 'octal', url: 'http://0177.0.0.1/' },
  { id: 'scrape-09', title: 'v6 loopback', url: 'http://[::1]/' },
  { id: 'scrape-10', title: 'v6 unspecified', url: 'http://[::]/' },
  { id: 'scrape-11', title: 'v4-mapped', url: 'http://[::ffff:127.0.0.1]/' },
  { id: 'scrape-12', title: 'v4-mapped hex', url: 'http://[::ffff:7f00:1]/' },
  { id: 'scrape-13', title: 'NAT64', url: 'http://[64:ff9b::7f00:1]/' },
  { id: 'scrape-15', title: '6to4', url: 'http://[2002:7f00:1::1]/' },
  { id: 'scrape-18', title: 'zone id', url: 'http://[fe80::1%25eth0]/' },
  {
    id: 'scrape-19',
    title: 'Azure IMDS',
    url: 'http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://management.azure.com/',
  },
  { id: 'scrape-20', title: 'Azure wireserver', url: 'http://168.63.129.16/?comp=goalstate' },
  { id: 'scrape-21', title: 'Azure wireserver 32526', url: 'http://168.63.129.16:32526/vmSettings' },
  { id: 'scrape-23', title: '172.16/12', url: 'http://172.16.0.9/' },
  { id: 'scrape-25', title: 'CGNAT', url: 'http://100.64.0.1/' },
  { id: 'scrape-27', title: 'benchmark net', url: 'http://198.18.0.1/' },
  { id: 'scrape-29', title: 'multicast', url: 'http://224.0.0.1/' },
  { id: 'scrape-32', title: 'name of 127.0.0.1', url: 'http://loopback.test/' },
  { id: 'scrape-34', title: 'name of the wireserver', url: 'http://wireserver.test/' },
  { id: 'scrape-36', title: 'name of a v4-mapped address', url: 'http://mapped.test/' },
  { id: 'scrape-38', title: 'k8s service', url: 'http://kubernetes.default.svc.cluster.local/' },
  { id: 'scrape-39', title: 'redis service', url: 'http://redis.test:6379/' },
  { id: 'scrape-41', title: 'redirect to loopback', url: 'http://{site}/r?to=http://127.0.0.1:{canaryPort}/' },
  {
    id: 'scrape-42',
    title: 'redirect to https loopback',
    url: 'http://{site}/r?to=https://127.0.0.1:{canaryPort}/',
  },
  { id: 'scrape-44', title: '307 redirect to 10/8', url: 'http://{site}/r?c=307&to=http://10.0.0.5/' },
  { id: 'scrape-45', title: 'endless redirects', url: 'http://{site}/loop', error: 'too_many_redirects' },
  { id: 'scrape-49', title: 'userinfo trick', url: 'http://site.test@127.0.0.1/' },
  { id: 'scrape-50', title: 'backslash trick', url: 'http://site.test\\@127.0.0.1/' },
  { id: 'scrape-53', title: 'kubelet', url: 'https://10.0.0.5:10250/pods' },
  { id: 'scrape-55', title: 'data', url: 'data:text/html,<h1>x</h1>' },
  { id: 'scrape-56', title: 'gopher', url: 'gopher://127.0.0.1:6379/_INFO' },
  { id: 'scrape-57', title: 'ftp', url: 'ftp://127.0.0.1/' },
  { id: 'scrape-59', title: 'unix socket', url: 'http://unix:/var/run/docker.sock:/info' },
  { id: 'scrape-65', title: 'gzip bomb answer', url: 'http://{site}/gz', error: 'response_too_large' },
  { id: 'scrape-71', title: 'binary content type', url: 'http://{site}/video.mp4', error: 'unsupported_content_type' },
];

/** Names of the test's DNS server, and what they stand for. */
export const dnsNames = {
  'site.test': [['127.0.0.1']],
  'loopback.test': [['127.0.0.1']],
  'wireserver.test': [['168.63.129.16']],
  'mapped.test': [['::ffff:127.0.0.1']],
  'redis.test': [['127.0.0.1']],
  'kubernetes.default.svc.cluster.local': [['10.96.0.1']],
};
