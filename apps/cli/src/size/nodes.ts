/** What a pod asks for. */
export interface PodSize {
  readonly cores: number;
  /** In MiB. */
  readonly memory: number;
}

/** What pods may use of a node. */
export interface NodeSize extends PodSize {
  readonly pods: number;
}

/** What AKS keeps of a node's cores for itself, by their number: learn.microsoft.com, "Node resource reservations in AKS". */
const reservedCores: readonly (readonly [number, number])[] = [
  [64, 0.74],
  [32, 0.42],
  [16, 0.26],
  [8, 0.18],
  [4, 0.14],
  [2, 0.1],
  [0, 0.06],
];
/** What the cluster's own pods on each node (network, disks, secrets, monitoring) ask for; an estimate. */
const systemPods = { cores: 0.4, memory: 700, pods: 12 };

/**
 * The part of a node that is left for pods of ours, in an AKS cluster from version 1.29 on.
 * @param memory in GiB. @param pods most pods of a node.
 */
export function allocatable(cores: number, memory: number, pods: number): NodeSize {
  const [, kept] = reservedCores.find(([from]) => cores >= from) ?? [0, 0.06];
  const all = memory * 1_024;
  const reserved = Math.min(20 * pods + 50, all / 4) + 100;
  return {
    cores: cores - kept - systemPods.cores,
    memory: all - reserved - systemPods.memory,
    pods: pods - systemPods.pods,
  };
}

/**
 * Nodes that so many pods need: the largest ones first, each on the first node with room.
 * @throws Error when a pod fits on no node.
 */
export function nodesFor(pods: readonly PodSize[], node: NodeSize): number {
  const rooms: { cores: number; memory: number; pods: number }[] = [];
  // The first node that may still have room for a pod of this size; those before it have none.
  let first = 0;
  let before: PodSize | undefined;
  for (const pod of pods.toSorted((a, b) => b.cores - a.cores || b.memory - a.memory)) {
    const { cores, memory } = pod;
    const fits = (room: NodeSize) => room.cores >= cores - 1e-9 && room.memory >= memory && room.pods >= 1;
    if (!fits(node)) throw new Error(`A pod with ${cores} cores and ${memory} MiB fits on no node: take a larger one.`);
    if (cores !== before?.cores || memory !== before.memory) first = 0;
    before = pod;
    while (first < rooms.length && !fits(rooms[first])) first++;
    if (first === rooms.length) rooms.push({ ...node });
    const room = rooms[first];
    room.cores -= cores;
    room.memory -= memory;
    room.pods -= 1;
  }
  return rooms.length;
}
