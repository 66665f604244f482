import { makeItem } from '@longhaul/content/testing';
import { call, type Deployment } from '../../support/deployment.js';
import type { Operation } from './api-description.js';

const reason = 'Something to be said about it.';
type Step = readonly [method: 'PATCH' | 'POST', path: string, body: object];
const edit: Step = ['PATCH', '', { body: '# Tides\n\nThe moon pulls harder.\n', reason }];
const approve: Step = ['POST', '/approve', {}];
const publish: Step = ['POST', '/approve', { publish: true }];
const unpublish: Step = ['POST', '/unpublish', {}];

/** By operation: what was done with items that it may succeed on. */
const histories: Readonly<Record<string, readonly (readonly Step[])[]>> = {
  'PATCH /content/{id}': [[], [publish]],
  'POST /content/{id}/rollback': [[edit], [publish, edit]],
  'POST /content/{id}/approve': [[], [edit]],
  'POST /content/{id}/reject': [[], [edit]],
  'POST /content/{id}/publish': [[approve], [publish, unpublish]],
  'POST /content/{id}/unpublish': [[publish], [publish, edit]],
  'POST /reviews/bulk': [[], [approve], [publish]],
};

/** Content that requests can be about: of the user in many states, and of another user. */
export class ContentSeeds {
  private readonly made = new Map<string, string[]>();
  /** The newest ETag that was seen of each item, by its id. */
  readonly etags = new Map<string, string>();

  private constructor(
    private readonly deployment: Deployment,
    /** Items that are there for all operations. */
    private readonly common: readonly string[],
  ) {}

  /** @param ids of items that are there already, the foreign one last. */
  static async make(deployment: Deployment, ids: readonly string[]): Promise<ContentSeeds> {
    const seeds = new ContentSeeds(deployment, ids);
    for (const id of ids) await seeds.read(id);
    for (const [operation, items] of Object.entries(histories)) {
      seeds.made.set(operation, await Promise.all(items.map((steps) => seeds.item(steps))));
    }
    return seeds;
  }

  /** Those that the operation may succeed on come first; what only reads is asked about all. */
  idsFor({ name }: Operation): readonly string[] {
    return [...(this.made.get(name) ?? [...this.made.values()].flat()), ...this.common];
  }

  /** Remembers the ETag that an answer brings: the next request about the item may succeed again. */
  saw(
    target: string,
    { status, headers }: { readonly status: number; readonly headers: NodeJS.Dict<string | string[]> },
  ) {
    const id = /^\/content\/([^/?]+)(\/[a-z]+)?$/.exec(target)?.[1] ?? '';
    if (status === 200 && typeof headers.etag === 'string' && this.etags.has(id)) this.etags.set(id, headers.etag);
  }

  private async item(steps: readonly Step[]): Promise<string> {
    const { deployment } = this;
    const database = { query: (text: string, values?: unknown[]) => deployment.sql(text, values) };
    const { user, editor } = deployment.users;
    const id = await makeItem(database, { ownerId: user.id, tags: ['sea'] });
    await this.read(id);
    for (const [method, path, body] of steps) {
      const { token } = method === 'PATCH' ? user : editor;
      const headers = { 'if-match': this.etags.get(id) ?? '' };
      const answer = await call(deployment.apis[0], method, `/content/${id}${path}`, { token, headers, body });
      expect(answer.status).toBe(200);
      this.etags.set(id, answer.headers.get('etag') ?? '');
    }
    return id;
  }

  private async read(id: string): Promise<void> {
    const { apis, users } = this.deployment;
    const { headers } = await call(apis[0], 'GET', `/content/${id}`, { token: users.editor.token });
    this.etags.set(id, headers.get('etag') ?? '');
  }
}
