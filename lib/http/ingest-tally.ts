/** What became of requests of foreign senders since this process began. */
export interface IngestTally {
  /** By protocol and status of the answer. */
  answers: { protocol: string; status: number; count: number }[]
  /** Parts of accepted requests that can never be stored, by protocol. */
  refusedParts: { protocol: string; count: number }[]
}

interface Counts {
  answers: Map<string, { protocol: string; status: number; count: number }>
  refusedParts: Map<string, number>
}

// Kept on the global object: Next's bundles may hold copies of this module in one process.
const holder: typeof globalThis & { oomscopeIngestTally?: Counts } = globalThis
holder.oomscopeIngestTally ??= { answers: new Map(), refusedParts: new Map() }
const counts = holder.oomscopeIngestTally

/** @param protocol one of the registry, so that no sender makes up names */
export function countAnswer(protocol: string, status: number): void {
  const key = `${protocol} ${status}`
  const known = counts.answers.get(key)
  if (known) known.count += 1
  else counts.answers.set(key, { protocol, status, count: 1 })
}

export function countRefusedParts(protocol: string, parts: number): void {
  counts.refusedParts.set(protocol, (counts.refusedParts.get(protocol) ?? 0) + parts)
}

export function readIngestTally(): IngestTally {
  return {
    answers: [...counts.answers.values()],
    refusedParts: [...counts.refusedParts].map(([protocol, count]) => ({ protocol, count })),
  }
}
