import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { OidcDiscovery } from '@longhaul/auth';
import { CONFIG, type Config } from '@longhaul/config';
import { CallerLimits } from '../limits/caller-limits.js';
import { Problem } from '../problems/problem.js';
import { matchesEtag } from '../tasks/etag.js';
import { ConsoleFiles } from './console-files.js';
import { consolePolicy, noncePlace } from './console-policy.js';

const forEver = 'public, max-age=31536000, immutable';

/**
 * The web console: its page at each path that the page knows, and its assets. They are no Nest routes, since only the build
 * knows the paths; everybody may read them, and what they show is asked for with a token.
 */
@Injectable()
export class ConsoleRoutes {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly host: HttpAdapterHost,
    private readonly limits: CallerLimits,
    private readonly provider: OidcDiscovery,
  ) {}

  /** Before the server listens. Without a build of the console there is none: every address is a 404. */
  register(files: ConsoleFiles | null = ConsoleFiles.find()): void {
    if (files === null) return;
    const server = this.host.httpAdapter.getInstance<FastifyInstance>();
    const page = (status: number) => (request: FastifyRequest, reply: FastifyReply) =>
      this.page(files, status, request, reply);
    for (const path of new Set(['', '/', ...files.paths])) {
      server.route({ method: 'GET', url: `/console${path}`, handler: page(200) });
    }
    server.route({
      method: 'GET',
      url: '/console/assets/:name',
      handler: (request, reply) => this.asset(files, request, reply),
    });
    server.route({ method: 'GET', url: '/console/*', handler: page(404) });
  }

  /** Nobody keeps the page: its nonce is good for one answer. */
  private async page(
    files: ConsoleFiles,
    status: number,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<string> {
    await this.limits.charge(request, reply);
    // Programs get the problem; the page shows people one of its own.
    if (status === 404 && !prefersHtml(request)) throw new Problem('not_found');
    const nonce = randomBytes(18).toString('base64url');
    const origins = this.config.OIDC_CONSOLE_CLIENT_ID === '' ? [] : await this.provider.browserOrigins();
    const policy = consolePolicy(nonce, origins);
    void reply.code(status).header('content-security-policy', policy).type('text/html; charset=utf-8');
    return files.page.replace(noncePlace, nonce);
  }

  /** A file whose name changes with what is in it. */
  private async asset(files: ConsoleFiles, request: FastifyRequest, reply: FastifyReply): Promise<Buffer | undefined> {
    await this.limits.charge(request, reply);
    const { name } = request.params as { readonly name: string };
    const file = files.asset(name, [request.headers['accept-encoding'] ?? ''].flat().join(','));
    if (file === null) throw new Problem('not_found');
    void reply.headers({ etag: file.etag, 'cache-control': forEver, vary: 'accept-encoding' }).type(file.type);
    if (file.coding !== null) void reply.header('content-encoding', file.coding);
    if (!matchesEtag(request.headers['if-none-match'], file.etag)) return file.body;
    void reply.code(304).removeHeader('content-encoding').send();
    return undefined;
  }
}

/** Browsers name the type when they open an address; programs do not, or take anything. */
export function prefersHtml(request: Pick<FastifyRequest, 'headers'>): boolean {
  return /(^|,)\s*text\/html\s*(;|,|$)/i.test(request.headers.accept ?? '');
}
