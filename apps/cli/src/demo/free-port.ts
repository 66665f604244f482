import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

const tries = 50;

/** @returns the first free port from `wanted` on; any free one when `wanted` is 0 or all of them are taken. */
export async function freePort(wanted: number, host: string): Promise<number> {
  for (let port = wanted; wanted > 0 && port < Math.min(wanted + tries, 65_536); port += 1) {
    // "localhost" may mean the IPv6 address, and whoever listens there would get our callers.
    if ((await listens(port, host)) && (await listens(port, '::1')) !== false) return port;
  }
  return (await listens(0, host)) || 0;
}

/** Listens for a moment. @returns the port, false when it is taken, undefined when there is no such address here. */
async function listens(port: number, host: string): Promise<number | false | undefined> {
  const listener = createServer();
  try {
    listener.listen(port, host);
    await once(listener, 'listening');
    return (listener.address() as AddressInfo).port;
  } catch (error) {
    const taken = ['EADDRINUSE', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '');
    return taken ? false : undefined;
  } finally {
    listener.close();
  }
}
