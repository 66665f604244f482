import { METHODS } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { Problem } from '../problems/problem.js';

/**
 * Collects the paths of an application, so that any other method on one of them answers 405 with Allow, whoever asks,
 * and OPTIONS answers 204. Make it before the routes are registered.
 */
export class KnownPaths {
  private readonly methods = new Map<string, Set<string>>();
  private closed = false;

  constructor(private readonly server: FastifyInstance) {
    server.addHook('onRoute', ({ url, method }) => {
      if (this.closed || url.includes('*')) return;
      const known = this.methods.get(url) ?? new Set();
      for (const name of [method].flat()) known.add(name.toUpperCase());
      this.methods.set(url, known);
    });
  }

  /** Call it when all routes are registered and before the server listens. */
  answerOtherMethods(): void {
    this.closed = true;
    const all = METHODS.filter((method) => method !== 'CONNECT');
    for (const method of all) {
      if (!this.server.supportedMethods.includes(method)) this.server.addHttpMethod(method);
    }
    for (const [url, known] of this.methods) {
      const allow = [...new Set([...known, 'OPTIONS'])].sort().join(', ');
      this.answerOptions(url, known, allow);
      this.refuse(
        url,
        all.filter((method) => !known.has(method) && method !== 'OPTIONS'),
        allow,
      );
    }
  }

  private answerOptions(url: string, known: ReadonlySet<string>, allow: string): void {
    if (known.has('OPTIONS')) return;
    this.server.route({
      method: 'OPTIONS',
      url,
      onRequest: (_request, reply, _done) => void reply.code(204).header('allow', allow).send(),
      handler: () => undefined,
    });
  }

  /** Refused before the body is read. */
  private refuse(url: string, methods: string[], allow: string): void {
    this.server.route({
      method: methods,
      url,
      onRequest: (_request, _reply, done) =>
        done(new Problem('method_not_allowed', `This path allows ${allow}.`, { headers: { allow } })),
      handler: () => undefined,
    });
  }
}
