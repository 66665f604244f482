import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Waits until an answer may begin: behind those to earlier requests on the connection, and when its own request has been
 * read to the end, for which a client has half a minute. Nothing should be kept for the answer until then.
 * @returns false when the client has left.
 */
export async function mayAnswer(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  const { socket } = request;
  if (response.socket === null) await happened(socket, response, 'socket');
  if (!request.readableEnded) {
    request.resume();
    // A request that was not read to its end would count as broken off.
    await happened(socket, request, 'end');
  }
  return !socket.destroyed;
}

/**
 * Takes a connection away from Node's HTTP server, which keeps ten kilobytes and more for each answer that is under way.
 * From here on the socket is the caller's: it has no listeners, not even for errors, and nothing is read from it. No later
 * request on it is answered, so the head must say `Connection: close`; who has sent one already is cut off.
 * @param begin writes the head. It is called when it is this answer's turn, as {@link mayAnswer} says.
 * @returns null when the client has left; then `begin` was not called.
 */
export async function takeSocket(
  request: IncomingMessage,
  response: ServerResponse,
  begin: () => void,
): Promise<Socket | null> {
  if (!(await mayAnswer(request, response))) return null;
  const { socket } = request;
  begin();
  response.detachSocket(socket);
  // Who waits for the end of the answer: as far as the server goes, this is it.
  response.emit('close');
  // When a connection has closed, the server frees its parser and forgets the socket: so it believes that it has.
  socket.emit('close', false);
  socket.removeAllListeners();
  return socket;
}

/** Waits for an event of a request or answer, or for the end of its connection. */
function happened(socket: Socket, message: IncomingMessage | ServerResponse, event: 'socket' | 'end'): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed) resolve();
    message.once(event, () => resolve());
    socket.once('close', () => resolve());
  });
}
