/** Names kept of each kind; a log that invents one on every line must not fill the memory. */
const MAX_NAMES = 10_000

/** Counts names; sorted by count, the most frequent first, then by name. */
export function createTally() {
  const counts = new Map<string, number>()
  return {
    add(name: string, times = 1): void {
      const known = counts.get(name)
      if (known !== undefined) counts.set(name, known + times)
      else if (counts.size < MAX_NAMES) counts.set(name, times)
    },
    sorted: (): [string, number][] => [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)),
  }
}

export type Tally = ReturnType<typeof createTally>
