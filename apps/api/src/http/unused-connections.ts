import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

/** How long a connection that comes while the server closes may take to bring its request, in milliseconds. */
const graceMs = 500;

/**
 * Keeps track of connections on which no request has come yet: browsers and clients open some ahead. Node does not
 * count them as idle, so a server that closes would wait for them until their headers are overdue.
 * @returns a function that closes them; a little later also those that came before the server had stopped listening.
 */
export function trackUnusedConnections(server: Server): () => void {
  const unused = new Set<Socket>();
  let closing = false;
  server.on('connection', (socket: Socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
    if (closing) setTimeout(() => unused.has(socket) && socket.destroy(), graceMs);
  });
  server.prependListener('request', ({ socket }: IncomingMessage) => unused.delete(socket));
  return () => {
    closing = true;
    unused.forEach((socket) => socket.destroy());
  };
}
