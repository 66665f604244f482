import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EffectRequest } from './effect.js';

/** One call that the sink got, and what it did with it. */
export interface EffectCall extends EffectRequest {
  readonly at: number;
  /** Its key was seen before: nothing happened again. Or a newer attempt had been heard of: refused. */
  readonly answer: 'applied' | 'replayed' | 'stale';
}
type Hook = (call: EffectCall) => void;

/**
 * The receiver of effects that docs/reliability.md recommends: an effect happens unless its key was seen, or a newer
 * fence of its job was. It runs in the harness's process, which no fault touches.
 */
export class EffectSink {
  readonly calls: EffectCall[] = [];
  private readonly seen = new Set<string>();
  private readonly newest = new Map<string, number>();
  private hook: Hook | undefined;

  private constructor(private readonly server: Server) {}

  static async open(): Promise<EffectSink> {
    const server = createServer();
    const sink = new EffectSink(server);
    server.on('request', (request, response) => void sink.answer(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return sink;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/effects`;
  }

  /** Called once, with the next effect that happens, before its sender is answered. */
  onNextApplied(hook: Hook): void {
    this.hook = hook;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const effect = JSON.parse(await textOf(request)) as EffectRequest;
      const call = {
        ...effect,
        at: Date.now(),
        answer: this.judge(effect, String(request.headers['idempotency-key'])),
      };
      this.calls.push(call);
      if (call.answer === 'applied') this.callHook(call);
      response.writeHead(call.answer === 'stale' ? 409 : 200).end();
    } catch {
      // The sender was killed in the middle of its call.
      response.destroy();
    }
  }

  private judge({ taskId, fence }: EffectRequest, key: string): EffectCall['answer'] {
    const newest = this.newest.get(taskId) ?? 0;
    this.newest.set(taskId, Math.max(newest, fence));
    if (fence < newest) return 'stale';
    if (this.seen.has(key)) return 'replayed';
    this.seen.add(key);
    return 'applied';
  }

  private callHook(call: EffectCall): void {
    const { hook } = this;
    this.hook = undefined;
    hook?.(call);
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
