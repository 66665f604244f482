import { authCases, functionCases, ownershipCases } from './hostile/auth-cases.js';
import { encodingCases, sizeCases, validationCases } from './hostile/body-cases.js';
import { eventually, expectProblem } from './hostile/checks.js';
import { ownConsoleCases } from './hostile/console-cases.js';
import { ownContentCases } from './hostile/content-cases.js';
import { longerCases, slowCases, type LongerCase } from './hostile/longer-cases.js';
import { longerStreamCases } from './hostile/longer-stream-cases.js';
import { notApplicable } from './hostile/not-applicable.js';
import { ownBodyCases } from './hostile/own-body-cases.js';
import { ownHeaderCases, ownTokenCases, ownUrlCases } from './hostile/own-cases.js';
import { play } from './hostile/play.js';
import { ownRawCases, rawCases } from './hostile/raw-cases.js';
import { scrapeCases } from './hostile/scrape-cases.js';
import { expectBlocked, longerScrapeCases } from './hostile/scrapes.js';
import { send, sendText } from './hostile/send.js';
import { expectSitePage, siteCases } from './hostile/site-cases.js';
import { Stage } from './hostile/stage.js';
import { headerCases, idCases, queryCases, streamCases } from './hostile/url-cases.js';

/** Hostile in the same spirit; not of the list. */
const ownGroups = { ownTokenCases, ownUrlCases, ownHeaderCases, ownBodyCases, ownConsoleCases, ownContentCases };

/** Played on both backends: by cancel-race.spec.ts, by races.spec.ts of content, and by content-contract.spec.ts. */
const elsewhere = ['state-04', 'state-09', 'state-10'];

const groups = {
  authCases,
  ownershipCases,
  functionCases,
  encodingCases,
  validationCases,
  sizeCases,
  idCases,
  queryCases,
  headerCases,
  streamCases,
};

const longer: Readonly<Record<string, LongerCase>> = { ...longerScrapeCases, ...longerCases, ...longerStreamCases };
const named = (cases: typeof longer) => Object.entries(cases).map(([id, each]) => ({ id, ...each }));

describe('hostile requests', () => {
  let stage: Stage;
  let slow: Record<string, Promise<unknown>>;

  beforeAll(async () => {
    stage = await Stage.build();
    // Their failures are theirs to tell, once their tests are reached.
    const start = ([id, { run }]: [string, LongerCase]) => [id, run(stage).catch((error: unknown) => error)] as const;
    slow = Object.fromEntries(Object.entries(slowCases).map(start));
  });
  afterAll(() => (stage as Stage | undefined)?.tearDown());

  it('the forge makes tokens that are good but for their defects', async () => {
    for (const issuer of ['local', 'oidc']) {
      const headers = { authorization: `Bearer ${stage.forge.token(issuer)}` };
      expect((await send(stage.api.url, { method: 'GET', path: '/tasks', headers })).status).toBe(200);
    }
  });

  describe.each(Object.entries({ ...groups, ...ownGroups }))('%s', (_name, cases) => {
    it.each(cases)('$id: $title', (hostile) => play(stage, hostile));
  });

  it.each([...rawCases, ...ownRawCases])('$id: $title', async ({ text, status }) => {
    const answer = await sendText(stage.api.url, [text]);
    expect(status).toContain(answer.status);
    if (answer.status !== 501) expectProblem(answer.status, answer.headers['content-type'], answer.text);
  });

  it.each(siteCases)('the site: $title', async (hostile) => {
    const { method = 'GET', path } = hostile;
    expectSitePage(await send(stage.api.url, { method, path: stage.fill(path), headers: {} }), hostile);
  });

  it.each(scrapeCases)('$id: $title', (hostile) => expectBlocked(stage, hostile));

  it.each(named(longer))('$id: $title', ({ run }) => run(stage));

  it('a video is not read to find out what it is', () => {
    expect(stage.site.videoBytes).toBeLessThan(10_000_000);
  });

  it('where CORS is on, other origins are still not allowed', async () => {
    const allowed = async (origin: string, method: string) => {
      const headers = { origin, 'access-control-request-method': 'DELETE' };
      const answer = await send(stage.strict.url, { method, path: '/health/live', headers });
      return answer.headers['access-control-allow-origin'];
    };
    for (const method of ['GET', 'OPTIONS']) {
      expect(await allowed('https://app.example', method)).toBe('https://app.example');
      for (const origin of ['https://evil.example', 'null', 'https://app.example.evil.example']) {
        expect(await allowed(origin, method)).not.toBe(origin);
      }
    }
  });

  it.each(named(slowCases))('$id: $title', async ({ id }) => expect(await slow[id]).toBeUndefined(), 60_000);

  it('everything still runs, and no secret stands in a log', async () => {
    await eventually(() => isReady(stage.api.url));
    expect(stage.site.canarySaw).toEqual([]);
    const logs = [...stage.deployment.apis, ...stage.deployment.workers].map((process) => process.logs()).join('');
    for (const { token, password } of Object.values(stage.deployment.users)) {
      expect(logs.includes(token.split('.')[2])).toBe(false);
      expect(logs.includes(password)).toBe(false);
    }
    expect(logs.includes(stage.places.usedTicket)).toBe(false);
  });

  it('each of the 152 cases is played, or has a reason why it is not', () => {
    const ids = [
      ...Object.values(groups).flatMap((cases) => cases.map(({ id }) => id)),
      ...[...rawCases, ...scrapeCases, ...notApplicable].map(({ id }) => id),
      ...Object.keys({ ...longer, ...slowCases }),
      ...elsewhere,
    ];
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    expect(ids).toHaveLength(152);
    expect(notApplicable.map(({ id, reason }) => `${id}: ${reason}`)).toMatchInlineSnapshot(`
     [
       "bola-13: There are no webhooks.",
       "bola-14: There are no webhooks.",
       "headers-13: There are no files to download.",
       "state-12: There are no files.",
     ]
    `);
  });
});

/** A connection that is reset is no answer yet: whether everything runs is asked until there is one. */
async function isReady(url: string): Promise<true | undefined> {
  const answer = await send(url, { method: 'GET', path: '/health/ready', headers: {} }).catch(() => undefined);
  return answer?.status === 200 ? true : undefined;
}
