import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Keeps track of connections on which no request has come yet: browsers and clients open some ahead. Node does not
 * count them as idle, so a server that closes would wait for them until their headers are overdue.
 * @returns a function that closes them.
 */
export function trackUnusedConnections(server: Server): () => void {
  const unused = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  server.prependListener('request', ({ socket }: IncomingMessage) => unused.delete(socket));
  return () => unused.forEach((socket) => socket.destroy());
}
