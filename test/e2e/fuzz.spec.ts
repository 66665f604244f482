import { call, startDeployment, type Deployment } from '../support/deployment.js';
import { wrongIn } from './fuzz/answer-check.js';
import { operationsOf, type ApiDocument, type Operation } from './fuzz/api-description.js';
import { Exchanges } from './fuzz/exchange.js';
import { Findings } from './fuzz/findings.js';
import { GoodValues } from './fuzz/good-values.js';
import { Random } from '../support/random.js';
import { RequestPlans, type RequestPlan } from './fuzz/request-plans.js';
import { SchemaValidator } from './fuzz/schema-validator.js';
import { seedTasks } from './fuzz/seeds.js';

/** A failure is played again with FUZZ_SEED set to the seed that was printed. */
const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000);
const workersOfTheFuzzer = 8;
/** Of the requests that the owner sends, so many are sent by each of the others too. */
const shareOfOthers = 0.25;
const callers = ['user', 'nobody', 'other', 'admin'] as const;

interface Shot {
  readonly operation: Operation;
  readonly plan: RequestPlan;
  readonly caller: (typeof callers)[number];
}

describe('the api, asked whatever its document allows and forbids', () => {
  let deployment: Deployment;
  let document: ApiDocument;
  let seeds: Awaited<ReturnType<typeof seedTasks>>;

  beforeAll(async () => {
    deployment = await startDeployment({ backend: 'postgres', env: { STREAMS_PER_USER: '10000' } });
    document = (await call(deployment.apis[0], 'GET', '/docs/openapi.json')).json;
    seeds = await seedTasks(deployment);
  });
  afterAll(() => (deployment as Deployment | undefined)?.stop());

  function* shots(): Generator<Shot> {
    const random = new Random(seed);
    const { etags } = seeds.content;
    const good = new GoodValues(document, random, etags);
    for (const operation of operationsOf(document)) {
      for (const plan of new RequestPlans(operation, good, idsFor(operation), etags).all()) {
        for (const caller of callers) {
          const always = caller === 'user' || plan.what === 'as described';
          if (always || random.chance(shareOfOthers)) yield { operation, plan, caller };
        }
      }
    }
  }

  function idsFor(operation: Operation): readonly string[] {
    if (operation.path.includes('{fingerprint}')) return [seeds.fingerprint];
    if (operation.path.includes('{slug}')) return [seeds.slug];
    return operation.path.startsWith('/content/') ? seeds.content.idsFor(operation) : [...seeds.own, seeds.foreign];
  }

  it(`answers as documented, and never with 5xx (FUZZ_SEED=${seed})`, async () => {
    const [api] = deployment.apis;
    const validator = new SchemaValidator(document);
    const exchanges = new Exchanges(api.url);
    const queue = shots();
    const wrong = new Findings();
    /** Operations on content that something was found or done by: all of them, or the seeds are not what they need. */
    const reached = new Set<string>();
    let sent = 0;
    const shoot = async () => {
      for (const { operation, plan, caller } of queue) {
        const token = caller === 'nobody' ? undefined : deployment.users[caller].token;
        sent += 1;
        const answer = await exchanges.send(operation.method, plan, token);
        seeds.content.saw(plan.target, answer);
        if (operation.path.startsWith('/content/{id}') && answer.status === 200) reached.add(operation.name);
        for (const sentence of wrongIn(operation, plan, answer, validator)) {
          wrong.add(`${operation.name}: ${sentence}`, `as ${caller}, ${plan.what}: ${answer.text.slice(0, 400)}`);
        }
      }
    };
    await Promise.all(Array.from({ length: workersOfTheFuzzer }, shoot));
    exchanges.close();
    expect(wrong.summary()).toEqual([]);
    expect(sent).toBeGreaterThan(2_000);
    const ofContent = operationsOf(document).filter(({ path }) => path.startsWith('/content/{id}'));
    expect(ofContent.map(({ name }) => name).filter((name) => !reached.has(name))).toEqual([]);
    expect((await call(api, 'GET', '/health/ready')).status).toBe(200);
  }, 240_000);
});
