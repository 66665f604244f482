import { api, unwrap } from './client.js';

/** Most ids of one call. */
const callSize = 100;

/** Ids that were asked for since the last call, and what will say their names. */
let round: { readonly ids: Set<string>; readonly names: Promise<ReadonlyMap<string, string>> } | null = null;

/**
 * The name of a user; null for those of another issuer. Ids that are asked for at the same time, as by the rows of a table, go
 * in one call.
 */
export async function nameOf(id: string): Promise<string | null> {
  round ??= newRound();
  round.ids.add(id);
  return (await round.names).get(id) ?? null;
}

function newRound() {
  const ids = new Set<string>();
  const names = Promise.resolve().then(() => {
    round = null;
    return namesOf([...ids]);
  });
  return { ids, names };
}

async function namesOf(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const pieces = Array.from({ length: Math.ceil(ids.length / callSize) }, (_, piece) =>
    ids.slice(piece * callSize, (piece + 1) * callSize),
  );
  const users = await Promise.all(
    pieces.map((piece) => unwrap(api.GET('/users/names', { params: { query: { ids: piece } } }))),
  );
  return new Map(users.flat().map(({ id, username }) => [id, username]));
}
