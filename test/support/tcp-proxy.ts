import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to a server that a test can block. */
export interface TcpProxy {
  /** The URL of the server, by way of the proxy. */
  readonly url: string;
  /** As if the server had ended: open connections are reset, new ones refused. */
  cut(): Promise<void>;
  /** As if a network swallowed every packet: nothing is answered any more, and nothing is closed. */
  silence(): void;
  /** Resets the open connections; new ones are let through. */
  reset(): void;
  /** Ends a silence. Connections that lost bytes in it are reset, since nothing would ever send those again. */
  restore(): void;
}

/** Opens a proxy on a free port; end it with `cut`. */
export async function tcpProxy(url: string): Promise<TcpProxy> {
  const target = new URL(url);
  const open = new Set<Socket>();
  /** Those whose bytes were swallowed. */
  const deaf = new Set<Socket>();
  let silent = false;
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(from);
      from.on('data', (chunk) => {
        if (silent) deaf.add(from).add(to);
        else to.write(chunk);
      });
      from.on('error', () => undefined);
      from.on('close', () => {
        open.delete(from);
        if (!silent) to.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: Object.assign(new URL(url), { hostname: '127.0.0.1', port: String(port) }).href,
    silence: () => (silent = true),
    reset: () => open.forEach((socket) => socket.resetAndDestroy()),
    restore: () => {
      silent = false;
      deaf.forEach((socket) => socket.resetAndDestroy());
      deaf.clear();
    },
    cut: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      open.forEach((socket) => socket.destroy());
      await closed;
    },
  };
}
