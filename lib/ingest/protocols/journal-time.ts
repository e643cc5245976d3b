/** The four clocks of a journal entry, in microseconds; null where the entry lacks one. */
export interface JournalClocks {
  /** `__REALTIME_TIMESTAMP` and `__MONOTONIC_TIMESTAMP`: when the journal took the entry. */
  takenUs: number | null
  takenMonotonicUs: number | null
  /** `_SOURCE_REALTIME_TIMESTAMP`: when a program says it wrote it. */
  writtenUs: number | null
  /** `_SOURCE_MONOTONIC_TIMESTAMP`: when the kernel wrote it. */
  writtenMonotonicUs: number | null
  isKernel: boolean
}

/**
 * When the event was, in microseconds since 1970. The journal stamps an entry when it takes it, which under memory
 * pressure is late: both clocks of that moment and the source's own monotonic stamp give the time exactly.
 */
export function eventTimeUs(clocks: JournalClocks): number | null {
  const { takenUs, takenMonotonicUs, writtenUs, writtenMonotonicUs, isKernel } = clocks
  if (writtenUs !== null && !isKernel) return writtenUs
  if (takenUs === null) return null
  const isKnown = takenMonotonicUs !== null && writtenMonotonicUs !== null
  return takenUs - (isKnown ? Math.max(0, takenMonotonicUs - writtenMonotonicUs) : 0)
}
