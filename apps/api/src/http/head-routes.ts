import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** What everybody may read; all other paths answer GET alone. */
const readable = /^\/((site|console)(\/|$)|public\/|robots\.txt$)/;

/** Lets HEAD ask for whatever GET answers of the public site and the console, without its body. Call it before the routes are registered. */
export function answerHead(server: FastifyInstance): void {
  server.addHook('onRoute', (route) => {
    if (route.method !== 'GET' || !readable.test(route.url)) return;
    const hooks = [route.onSend ?? []].flat();
    server.route({ ...route, method: 'HEAD', onSend: [...hooks, dropBody] });
  });
}

function dropBody(
  _request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  done: (error: null, payload: null) => void,
): void {
  if (typeof payload === 'string' || Buffer.isBuffer(payload))
    void reply.header('content-length', Buffer.byteLength(payload));
  done(null, null);
}
