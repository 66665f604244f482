import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { getDataSourceToken } from '@nestjs/typeorm';
import { makeUser, tokenFor } from '@longhaul/auth/testing';
import { Cache, type CacheCounts, type Tier } from '@longhaul/cache';
import type { Config } from '@longhaul/config';
import { evaluationKind, revisionKind } from '@longhaul/content';
import { makeItem, type TestItem } from '@longhaul/content/testing';
import { testKind } from '@longhaul/jobs/testing';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { makeApi } from '../start-api.js';

/** Long enough for a rejection and for a rollback. */
export const reason = 'The second paragraph has no source.';

const noLimits = { RATE_LIMIT_READ: 1_000_000, RATE_LIMIT_SUBMIT: 1_000_000 };
const roles = { owner: 'user', other: 'user', editor: 'editor', second: 'editor', admin: 'admin' } as const;
type Name = keyof typeof roles;

const databaseOf = (app: NestFastifyApplication) => app.get<Parameters<typeof makeUser>[0]>(getDataSourceToken());

interface StageOptions {
  /** Whether there are two apis, which take the calls in turn. */
  readonly replica?: boolean;
  /** Where the queue is. */
  readonly backend?: Config['QUEUE_BACKEND'];
  readonly settings?: Partial<Config>;
}

/** Apis in the test's process, with one caller of each sort. */
export class ContentStage {
  private calls = 0;

  private constructor(
    readonly database: TestDatabase,
    readonly config: Config,
    private readonly apps: readonly [NestFastifyApplication, ...NestFastifyApplication[]],
    private readonly callers: ReadonlyMap<Name, { readonly id: string; readonly token: string }>,
  ) {}

  static async open({
    replica = false,
    backend = 'postgres',
    settings = {},
  }: StageOptions = {}): Promise<ContentStage> {
    const database = await testDatabase();
    const queue = { QUEUE_BACKEND: backend, QUEUE_PREFIX: `test-${Math.random().toString(36).slice(2)}` };
    // With a password that is given, none is made up and printed.
    const config = testConfig(database, { ADMIN_PASSWORD: 'a long password', ...queue, ...noLimits, ...settings });
    const kinds = [revisionKind, evaluationKind].map((name) => testKind(name, () => Promise.resolve({})).definition);
    const app = await makeApi(config, kinds);
    const others = replica ? [await makeApi(config, kinds)] : [];
    const source = databaseOf(app);
    const callers = new Map<Name, { id: string; token: string }>();
    for (const [name, role] of Object.entries(roles)) {
      const user = await makeUser(source, { roles: [role] });
      callers.set(name as Name, { id: user.id, token: await tokenFor(source, config, user) });
    }
    return new ContentStage(database, config, [app, ...others], callers);
  }

  async close(): Promise<void> {
    for (const app of this.apps) await app.close();
    await this.database.drop();
  }

  /** Takes calls from outside of the process, too. @returns the base of their URLs. */
  async listen(): Promise<string> {
    await this.apps[0].listen(0, '127.0.0.1');
    return this.apps[0].getUrl();
  }

  tokenOf(name: Name): string {
    return this.callers.get(name)?.token ?? '';
  }

  idOf(name: Name): string {
    return this.callers.get(name)?.id ?? '';
  }

  /** Who the token of a caller says it is. */
  async me(name: Name): Promise<{ readonly username: string }> {
    return (await this.ask(name, 'GET', '/auth/me')).json as { readonly username: string };
  }

  /** What the first api's cache has counted. */
  cacheOf(tier: Tier): Readonly<CacheCounts> {
    const counts = this.apps[0].get(Cache).counters.read().get(tier);
    if (counts === undefined) throw new Error(`There is no tier ${tier}.`);
    return counts;
  }

  /** An item of `owner` that awaits approval. */
  made(given: Partial<TestItem> = {}): Promise<string> {
    return makeItem(databaseOf(this.apps[0]), { ownerId: this.idOf('owner'), ...given });
  }

  sql<Row>(text: string, values: unknown[] = []): Promise<Row[]> {
    return databaseOf(this.apps[0]).query<Row[]>(text, values);
  }

  /** What everybody may read, of one of the apis. */
  visit(api: number, url: string) {
    return this.apps[api].inject({ method: 'GET', url });
  }

  ask(name: Name, method: 'GET' | 'POST' | 'PATCH', url: string, payload?: unknown, ifMatch?: string) {
    return this.askOf(this.calls++ % this.apps.length, name, method, url, payload, ifMatch);
  }

  private async askOf(
    api: number,
    name: Name,
    method: 'GET' | 'POST' | 'PATCH',
    url: string,
    payload?: unknown,
    ifMatch?: string,
  ) {
    const headers = {
      authorization: `Bearer ${this.tokenOf(name)}`,
      ...(ifMatch !== undefined && { 'if-match': ifMatch }),
    };
    const answer = await this.apps[api].inject({
      ...{ method, url, headers },
      ...(payload !== undefined && { payload: payload as object }),
    });
    const isJson = /^application\/(problem\+)?json/.test(String(answer.headers['content-type']));
    return {
      status: answer.statusCode,
      // eslint-disable-next-line @typescript-eslint/no-explicit-any, @typescript-eslint/no-unsafe-assignment -- tests look into it freely
      json: isJson ? answer.json<any>() : undefined,
      text: answer.body,
      headers: answer.headers as Record<string, string | undefined>,
    };
  }

  read(id: string, name: Name = 'editor') {
    return this.ask(name, 'GET', `/content/${id}`);
  }

  async etagOf(id: string): Promise<string> {
    return (await this.read(id)).headers.etag ?? '';
  }

  /** A change of the newest version as it is now. */
  async change(name: Name, id: string, verb: string, payload: object = {}) {
    return this.send(name, id, verb, payload, await this.etagOf(id));
  }

  /** A decision on the version that the ETag names, taken at one of the apis. */
  sendTo(api: number, name: Name, id: string, verb: string, payload: object, etag: string) {
    return this.askOf(api, name, 'POST', `/content/${id}/${verb}`, payload, etag);
  }

  /** A change of the version that the ETag names. */
  send(name: Name, id: string, verb: string, payload: object, etag?: string) {
    return verb === 'edit'
      ? this.ask(name, 'PATCH', `/content/${id}`, payload, etag)
      : this.ask(name, 'POST', `/content/${id}/${verb}`, payload, etag);
  }
}
