import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';

/** What a ReplicaSet looks at when it has to choose: pods with a lower cost go first. */
const annotation = 'controller.kubernetes.io/pod-deletion-cost';
/** The API server is in the same cluster. */
const patienceMs = 10_000;

interface Pod {
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
}

/** The API server's refusal of a call. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    call: string,
    readonly status: number,
  ) {
    super(`${call}: ${status}`);
  }
}

/** The API server of the cluster that this pod runs in, as the pod's service account sees it. */
export class Cluster {
  /**
   * @param server base URL of the API server.
   * @param account folder with `token`, `ca.crt` and `namespace`, which Kubernetes mounts into the pod.
   */
  constructor(
    private readonly server: string,
    private readonly account: string,
  ) {}

  /** By name, the cost of each pod that the label selector selects; 0 unless one is set. */
  async costs(selector: string): Promise<Map<string, number>> {
    const { items } = (await this.call('GET', `pods?labelSelector=${encodeURIComponent(selector)}`)) as {
      items: Pod[];
    };
    return new Map(items.map(({ metadata }) => [metadata.name, Number(metadata.annotations?.[annotation] ?? 0)]));
  }

  /** Sets the cost of one pod. @throws Refusal with 404 when it has gone. */
  async setCost(pod: string, cost: number): Promise<void> {
    const patch = { metadata: { annotations: { [annotation]: String(cost) } } };
    await this.call('PATCH', `pods/${encodeURIComponent(pod)}`, patch);
  }

  /** @throws Refusal; Error when the server does not answer. */
  private async call(method: string, path: string, body?: object): Promise<unknown> {
    // Kubernetes renews the token in its file.
    const [token, ca, namespace] = await Promise.all(
      ['token', 'ca.crt', 'namespace'].map((name) => readFile(join(this.account, name), 'utf8')),
    );
    const url = new URL(`/api/v1/namespaces/${namespace.trim()}/${path}`, this.server);
    const headers = { authorization: `Bearer ${token.trim()}`, 'content-type': 'application/merge-patch+json' };
    return new Promise((resolve, reject) => {
      const sent = request(url, { method, ca, headers, signal: AbortSignal.timeout(patienceMs) }, (response) => {
        const { statusCode = 0 } = response;
        if (statusCode < 300) return void json(response).then(resolve, reject);
        response.resume();
        reject(new Refusal(`${method} ${url.pathname}`, statusCode));
      });
      sent.on('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}
