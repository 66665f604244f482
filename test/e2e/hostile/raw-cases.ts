import type { RawCase } from './hostile-case.js';

/** What no HTTP client would write. */
export const rawCases: readonly RawCase[] = [
  {
    id: 'protocol-02',
    title: 'two Content-Length headers',
    text: 'POST /tasks HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd',
    status: [400],
  },
  {
    id: 'protocol-03',
    title: 'obfuscated Transfer-Encoding',
    text: 'POST /tasks HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n',
    status: [400, 501],
  },
  {
    id: 'protocol-08',
    title: 'CONNECT',
    text: 'CONNECT 127.0.0.1:5432 HTTP/1.1\r\nHost: a\r\n\r\n',
    status: [405],
  },
  {
    id: 'protocol-09',
    title: 'absolute-form URI',
    text: 'GET http://169.254.169.254/ HTTP/1.1\r\nHost: a\r\n\r\n',
    status: [400, 404],
  },
];

const get = (rest: string) => `GET /tasks HTTP/1.1\r\nHost: a\r\n${rest}\r\n\r\n`;
const post = (rest: string) => `POST /tasks HTTP/1.1\r\nHost: a\r\n${rest}`;

/** More of the same, which the shared list does not have. */
export const ownRawCases: readonly RawCase[] = [
  { id: 'own-raw-host', title: 'no Host', text: 'GET /tasks HTTP/1.1\r\n\r\n', status: [400] },
  { id: 'own-raw-hosts', title: 'two Hosts', text: get('Host: b'), status: [400, 401] },
  { id: 'own-raw-method', title: 'unknown method', text: 'FOO / HTTP/1.1\r\nHost: a\r\n\r\n', status: [400] },
  { id: 'own-raw-version', title: 'HTTP/9.9', text: 'GET / HTTP/9.9\r\nHost: a\r\n\r\n', status: [400, 505] },
  { id: 'own-raw-old', title: 'HTTP/0.9', text: 'GET /nothing\r\n\r\n', status: [400, 404] },
  { id: 'own-raw-h2', title: 'HTTP/2 preface', text: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', status: [400] },
  { id: 'own-raw-tls', title: 'TLS hello', text: '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', status: [400] },
  { id: 'own-raw-nul', title: 'NUL in a header', text: get('X-A: a\0b'), status: [400] },
  { id: 'own-raw-space', title: 'space before the colon', text: get('X-A : a'), status: [400] },
  { id: 'own-raw-fold', title: 'folded header', text: get('X-A: a\r\n b'), status: [400, 401] },
  {
    id: 'own-raw-smuggle',
    title: 'Content-Length and Transfer-Encoding',
    text: post('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'),
    status: [400],
  },
  { id: 'own-raw-length', title: 'negative length', text: post('Content-Length: -1\r\n\r\n'), status: [400] },
  {
    id: 'own-raw-chunk',
    title: 'chunk without a size',
    text: post('Transfer-Encoding: chunked\r\n\r\nzz\r\n'),
    status: [400, 401, 415],
  },
  { id: 'own-raw-expect', title: 'unknown expectation', text: get('Expect: 200-ok'), status: [417] },
  { id: 'own-raw-star', title: 'OPTIONS *', text: 'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n', status: [400, 404] },
  { id: 'own-raw-websocket', title: 'upgrade', text: get('Connection: Upgrade\r\nUpgrade: websocket'), status: [401] },
];
