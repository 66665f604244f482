import { IncomingMessage, STATUS_CODES, type Server, type ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { presentProblem } from '../problems/present-problem.js';
import { Problem } from '../problems/problem.js';
import type { ProblemCode } from '../problems/problem-codes.js';

const codes: Readonly<Record<string, ProblemCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'body_too_large',
};

/** Answers what Node's parser refuses before there is a request: broken syntax, too slow, headers too large. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable || hasAnswerBegun(socket)) {
    socket.destroy();
    return;
  }
  writeProblem(socket, new Problem(codes[error.code ?? ''] ?? 'malformed_request'));
}

/** CONNECT asks for a tunnel; Node hands it over as a bare socket. */
export function refuseConnect(server: Server): void {
  server.on('connect', (request: IncomingMessage, socket: Duplex) => {
    writeProblem(socket, new Problem('method_not_allowed'), request);
  });
}

/** Node would answer an unknown Expect with an empty 417. */
export function refuseExpectations(server: Server): void {
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    response.shouldKeepAlive = false;
    writeProblem(request.socket, new Problem('expectation_failed'), request);
  });
}

function hasAnswerBegun(socket: Socket): boolean {
  const { _httpMessage: message } = socket as { _httpMessage?: { headersSent: boolean } | null };
  return message?.headersSent === true;
}

function writeProblem(socket: Duplex, problem: Problem, request = new IncomingMessage(new Socket())): void {
  request.url = request.url?.startsWith('/') ? request.url : '/';
  const document = presentProblem(problem, request);
  const body = JSON.stringify(document);
  const head = [
    `HTTP/1.1 ${document.status} ${STATUS_CODES[document.status] ?? ''}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${document.request_id}`,
    'Cache-Control: no-store',
    ...(problem.status === 405 ? ['Allow: GET, POST, PATCH, DELETE, OPTIONS'] : []),
    'Connection: close',
  ];
  socket.on('error', () => socket.destroy());
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
