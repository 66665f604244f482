import { Writable } from 'node:stream';
import { pino } from 'pino';
import { censor, keepSecret, presentError, secretFields, withoutSecrets } from './secrets.js';

const canary = 'CANARY0123456789abcdef';

describe('lines of the log', () => {
  it.each([
    `connect to postgres://longhaul:${canary}@db:5432/longhaul failed`,
    `rediss://:${canary}@cache:6380`,
    `GET https://user:${canary}@site.example/page`,
    `Authorization: Bearer ${canary}`,
    `token eyJhbGciOi.${canary}.${canary} is bad`,
    `the key sk-${canary} is wrong`,
    `/tasks/1/stream?ticket=${canary}&from=0`,
    `https://site.example/?a=1&api_key=${canary}`,
    `Cookie: longhaul_stream=${canary}`,
    `{"a":{"b":{"c":{"d":{"AUTHORIZATION":"${canary}","x":1}}}}}`,
    `{"OPENAI_BACKUP_API_KEY":"a\\"${canary}","clientSecret" : "${canary}"}`,
    `{"Set-Cookie":["a=${canary}"],"Token":"${canary}"}`,
    `{"msg":"it said {\\"id_token\\": \\"${canary}\\"}"}`,
  ])('tell no secret: %s', (text) => {
    expect(withoutSecrets(text)).not.toContain(canary);
  });

  it('tell no secret of the settings, however it is written', () => {
    const secret = `pass/"word" ${'x'.repeat(9)}`;
    keepSecret([secret]);
    for (const written of [secret, JSON.stringify(secret), encodeURIComponent(secret)]) {
      expect(withoutSecrets(`refused: ${written}, it said`)).toMatch(/^refused: "?\[redacted\]"?, it said$/);
    }
  });

  it('stay JSON, and keep the fields beside', () => {
    const line = JSON.stringify({ password: `a"${canary}`, tokens: 5, cookies: ['b'], ticket: [canary], msg: 'x' });
    expect(JSON.parse(withoutSecrets(line))).toEqual({
      ...{ password: censor, tokens: 5, cookies: ['b'], ticket: censor, msg: 'x' },
    });
  });

  it('keep what is none', () => {
    const text = '{"msg":"GET https://site.example:8080/a/b?page=2 took 3 s","time":"2026-01-01T00:00:00.000Z"}';
    expect(withoutSecrets(text)).toBe(text);
  });

  it.each(['a.', 'eyJaaaaa-', 'ab-', 'http://a', '"a', '\\"a_', '"token":"\\', '"token":['])(
    'are read in time that grows with their length: %s',
    (part) => {
      // Eight times the length: 8 where time grows with it, 64 where it grows with its square.
      const [short, long] = [25_000, 200_000].map((length) => leastWork(part.repeat(length / part.length)));
      expect(long).toBeLessThan(Math.max(short, 2_000) * 25);
    },
  );

  it('leave out fields of secrets, and what packages hang on their errors', () => {
    let written = '';
    const stream = new Writable({
      write: (chunk, _encoding, done) => {
        written += String(chunk);
        done();
      },
    });
    const logger = pino({ redact: { paths: secretFields, censor }, serializers: { err: presentError } }, stream);
    const error = Object.assign(new Error('refused', { cause: new Error('why') }), {
      code: 'ECONNREFUSED',
      config: { headers: { Authorization: canary }, auth: canary },
      detail: `Key (token)=(${canary}) already exists.`,
    });
    logger.error({ err: error }, 'failed');
    logger.info({ password: canary, body: { password: canary, ticket: canary }, req: { headers: { cookie: canary } } });
    expect(written).not.toContain(canary);
    expect(written).toContain('ECONNREFUSED');
    expect(written).toContain('"cause":{"type":"Error","message":"why"}');
  });
});

/** Microseconds of the processor, the least of three times: other programs do not count, and neither does warming up. */
function leastWork(text: string): number {
  const times = Array.from({ length: 3 }, () => {
    const since = process.cpuUsage();
    withoutSecrets(text);
    return process.cpuUsage(since).user;
  });
  return Math.min(...times);
}
