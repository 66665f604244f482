export default async function stop() {
  await Promise.all(globalThis.longhaulTestServers.map((server) => server.stop()));
}
