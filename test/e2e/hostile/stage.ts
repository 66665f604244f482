import { makeItem } from '@longhaul/content/testing';
import { TestDns } from '../../../libs/http/testing.js';
import { call, startDeployment, type ApiProcess, type Deployment } from '../../support/deployment.js';
import { publishItem } from '../../support/published-item.js';
import { HostileSite } from './hostile-site.js';
import { dnsNames } from './scrape-cases.js';
import { TokenForge } from './token-forge.js';

/** Base of absolute links: a name that no request uses. */
export const publicUrl = 'https://longhaul.example';

const oidc = { issuer: 'https://provider.example', audience: 'longhaul-oidc' };
const strictLimits = {
  RATE_LIMIT_LOGIN: '20',
  RATE_LIMIT_SUBMIT: '60',
  MAX_UNFINISHED_PER_OWNER: '40',
  CORS_ORIGINS: 'https://app.example',
};

/** Everything that the hostile requests are played against. */
export class Stage {
  private constructor(
    readonly deployment: Deployment,
    /** With tight limits and one allowed origin: 20 sign-ins and 60 submits a minute, 40 unfinished tasks of one owner. */
    readonly strict: ApiProcess,
    readonly site: HostileSite,
    readonly forge: TokenForge,
    private readonly dns: TestDns,
    /** What the placeholders of the cases stand for. */
    readonly places: Readonly<Record<string, string>>,
  ) {}

  static async build(): Promise<Stage> {
    const forge = new TokenForge();
    const [site, dns] = await Promise.all([HostileSite.start(() => forge.jwks()), TestDns.start(dnsNames)]);
    try {
      return await Stage.deploy(forge, site, dns);
    } catch (error) {
      site.stop();
      await dns.stop();
      throw error;
    }
  }

  private static async deploy(forge: TokenForge, site: HostileSite, dns: TestDns): Promise<Stage> {
    const deployment = await startDeployment({
      backend: 'postgres',
      env: {
        PUBLIC_URL: publicUrl,
        AUTH_LOCAL: 'true',
        OIDC_ISSUER: oidc.issuer,
        OIDC_AUDIENCE: oidc.audience,
        OIDC_JWKS_URL: `http://127.0.0.1:${site.port}/jwks`,
        OUTBOUND_DNS_SERVERS: dns.server,
        OUTBOUND_PORTS: `80,443,${site.canaryPort}`,
        OUTBOUND_MAX_BYTES: '1000000',
        SCRAPE_ALLOW_HOSTS: `site.test:${site.port}`,
      },
    });
    const strict = await deployment.startApi(strictLimits);
    await teach(forge, deployment, `http://127.0.0.1:${site.canaryPort}/jwks`);
    return new Stage(deployment, strict, site, forge, dns, { ...(await places(deployment)), ...placesOf(site) });
  }

  get api(): ApiProcess {
    return this.deployment.apis[0];
  }

  /** Fills placeholders in. */
  fill(text: string): string {
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => this.places[name] ?? whole);
  }

  async countJobs(): Promise<number> {
    const [{ count }] = await this.deployment.sql<{ count: number }>('SELECT count(*)::int AS count FROM jobs');
    return count;
  }

  async tearDown(): Promise<void> {
    await this.deployment.stop();
    this.site.stop();
    await this.dns.stop();
  }
}

/** A time at which no test runs any more: a task that is due then stays PENDING. */
export const later = () => new Date(Date.now() + 3_600_000).toISOString();

async function places(deployment: Deployment): Promise<Record<string, string>> {
  const [api] = deployment.apis;
  const { user, other } = deployment.users;
  const validTask = { task_type: 'simulation', run_at: later() };
  const foreignKey = 'key-of-another-user';
  const submit = async (token: string, headers?: Record<string, string>): Promise<string> => {
    const { status, json, text } = await call(api, 'POST', '/tasks', { token, headers, body: validTask });
    if (status !== 202) throw new Error(`The stage could not be set: ${status} ${text}`);
    return json.task_id;
  };
  const taskId = await submit(user.token);
  const foreignTaskId = await submit(other.token, { 'idempotency-key': foreignKey });
  return {
    taskId,
    taskIdUpper: taskId.toUpperCase(),
    foreignTaskId,
    etag: await contentOf(deployment, taskId, user.id),
    foreignEtag: await contentOf(deployment, foreignTaskId, other.id),
    foreignKey,
    otherUserId: other.id,
    slug: await publishItem(deployment),
    userToken: user.token,
    usedTicket: await usedTicket(api, taskId, user.token),
    validTask: JSON.stringify(validTask),
    later: validTask.run_at,
  };
}

/** Content of a task that awaits approval. @returns its ETag. */
async function contentOf(deployment: Deployment, id: string, ownerId: string): Promise<string> {
  await makeItem({ query: (text, values) => deployment.sql(text, values) }, { id, ownerId });
  const { token } = deployment.users.editor;
  return (await call(deployment.apis[0], 'GET', `/content/${id}`, { token })).headers.get('etag') ?? '';
}

function placesOf(site: HostileSite): Record<string, string> {
  return { site: `site.test:${site.port}`, canaryPort: String(site.canaryPort) };
}

async function usedTicket(api: ApiProcess, taskId: string, token: string): Promise<string> {
  const { json } = await call(api, 'POST', `/tasks/${taskId}/stream-ticket`, { token });
  const leave = new AbortController();
  const stream = await fetch(`${api.url}/tasks/${taskId}/stream?ticket=${json.ticket}`, { signal: leave.signal });
  leave.abort();
  if (stream.status !== 200) throw new Error(`The ticket was refused: ${stream.status}`);
  return json.ticket;
}

async function teach(forge: TokenForge, deployment: Deployment, canaryUrl: string): Promise<void> {
  const { user } = deployment.users;
  const [key] = await deployment.sql('SELECT kid, private_jwk FROM signing_keys');
  const [row] = await deployment.sql('SELECT auth_version FROM users WHERE id = $1', [user.id]);
  const local = { kid: key.kid, privateJwk: key.private_jwk };
  forge.learn({ local, user: { id: user.id, authVersion: row.auth_version }, oidc, canaryUrl });
}
