import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../problems/problem.js';

const formType = 'application/x-www-form-urlencoded';
/** The only path that takes a form: OAuth 2 clients send their password grant so. */
const formPath = '/auth/token';

/** Refuses what is no UTF-8, where a Buffer would put replacement characters. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** JSON in UTF-8 everywhere, a form on one path, nothing else, and never compressed. */
export function registerBodyParsers(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addHook('preParsing', async (request, _reply, payload) => {
    checkBodyHeaders(request);
    return Promise.resolve(payload);
  });
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, parseJson(body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
  server.addContentTypeParser(formType, { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, parseForm(body as string));
    } catch (error) {
      done(error as Error);
    }
  });
}

/** Refuses by its headers a body that would not be read anyway. @throws Problem `unsupported_media_type`. */
function checkBodyHeaders(request: FastifyRequest): void {
  const { 'content-encoding': encoding, 'content-type': type } = request.headers;
  if (request.method === 'GET' || request.method === 'HEAD') return;
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') throw new Problem('unsupported_media_type');
  if (type === undefined) return;
  const [essence = '', ...parameters] = type
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  if (charset !== undefined && !/^"?utf-?8"?$/.test(charset)) throw new Problem('unsupported_media_type');
  if (essence === formType && request.routeOptions.url !== formPath) throw new Problem('unsupported_media_type');
}

/** @returns undefined for an empty body: whether that is wrong is for the route to say. */
export function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(utf8.decode(body)) as unknown;
  } catch {
    throw new Problem('malformed_json');
  }
}

/** @throws Problem `malformed_request` when a field is given twice. */
export function parseForm(body: string): Record<string, string> {
  const fields = [...new URLSearchParams(body)];
  const form = new Map(fields);
  if (form.size !== fields.length) throw new Problem('malformed_request', 'A field of the form is repeated.');
  return Object.fromEntries(form);
}
