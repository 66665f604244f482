// A collector of telemetry at its cheapest: takes spans (OTLP over HTTP) and drops them unread, and scrapes the metrics of the
// addresses that it is given, as often as Prometheus does by default.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { obey } from '../stage/told.js';

const scrapeMs = 15_000;

const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end());
}).listen(0, '127.0.0.1');
await once(server, 'listening');

setInterval(() => {
  // An app may not have started yet.
  for (const url of process.argv.slice(2))
    void fetch(url).then(
      (answer) => answer.text(),
      () => undefined,
    );
}, scrapeMs);

const { port } = server.address() as AddressInfo;
obey({}, `http://127.0.0.1:${port}`);
