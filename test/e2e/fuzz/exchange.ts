import { Agent, request, type IncomingHttpHeaders } from 'node:http';
import type { RequestPlan } from './request-plans.js';

export interface Exchange {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Of an event stream only its first part. */
  readonly text: string;
}

/** How long the first event of a stream is waited for, in milliseconds. */
const streamPatienceMs = 300;

/** Sends planned requests over kept connections. */
export class Exchanges {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 8 });

  constructor(private readonly url: string) {}

  /** A connection that breaks is tried once more, because the server may close one that was kept. */
  async send(method: string, plan: RequestPlan, token: string | undefined): Promise<Exchange> {
    return this.once(method, plan, token).catch(() => this.once(method, plan, token));
  }

  close(): void {
    this.agent.destroy();
  }

  private once(method: string, { target, headers, body }: RequestPlan, token: string | undefined): Promise<Exchange> {
    const { hostname, port } = new URL(this.url);
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    return new Promise((resolve, reject) => {
      const outgoing = request({
        ...{ hostname, port, method, agent: this.agent, path: target },
        headers: { ...authorization, ...length, ...headers },
      });
      outgoing.setTimeout(10_000, () =>
        outgoing.destroy(new Error(`No answer within 10 s: ${method} ${target} ${JSON.stringify(headers)}`)),
      );
      outgoing.on('error', reject);
      outgoing.on('response', (response) => {
        const { statusCode: status = 0, headers: given } = response;
        const isStream = status === 200 && given['content-type']?.startsWith('text/event-stream');
        let text = '';
        const done = () => resolve({ status, headers: given, text });
        const leave = () => {
          done();
          outgoing.destroy();
        };
        // A client that claims to be ahead of its task gets no event for a long time.
        const patience = isStream ? setTimeout(leave, streamPatienceMs) : undefined;
        response.on('close', () => clearTimeout(patience));
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
          if (isStream && /^data: .*\n\n/m.test(text)) leave();
        });
        response.on('end', done);
        response.on('error', reject);
      });
      outgoing.end(body);
    });
  }
}
