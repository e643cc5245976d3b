/** A term of the kernel that stays as it is in our sentences, with what it means. */
export interface GlossaryEntry {
  term: string
  /** Other spellings under which it appears in sentences and logs. */
  also: readonly string[]
  meaning: string
}

export const GLOSSARY: readonly GlossaryEntry[] = [
  {
    term: 'OOM killer',
    also: ['oom-killer', 'out of memory'],
    meaning: 'The part of the kernel that ends a process when no memory can be had in any other way.',
  },
  {
    term: 'OOM report',
    also: ['report'],
    meaning:
      'What the kernel prints before it kills: who asked, how much memory was where, which processes there were.',
  },
  {
    term: 'victim',
    also: [],
    meaning: 'The process that was killed. It need not be the one that held the memory.',
  },
  {
    term: 'watermark',
    also: ['min', 'low', 'high', 'minimum'],
    meaning:
      'Three levels of free memory of a zone. Below low the kernel starts to reclaim; below min only reclaim itself and a few urgent requests may take memory.',
  },
  {
    term: 'zone',
    also: ['DMA', 'DMA32', 'Normal', 'HighMem', 'Movable'],
    meaning:
      'A range of memory that some requests must come from. A request may use its own zone and every lower one; DMA is the lowest.',
  },
  {
    term: 'lowmem_reserve',
    also: ['protections'],
    meaning: 'Pages of a low zone kept back from requests that could use a higher one.',
  },
  {
    term: 'order',
    also: [],
    meaning: 'The size of a request: 2 to that power pages in one piece. Order 0 is one page, order 3 is eight.',
  },
  {
    term: 'gfp',
    also: ['gfp_mask'],
    meaning: 'Flags of a memory request: which zones it may use and what it may wait for.',
  },
  {
    term: 'buddy list',
    also: ['free lists', 'free blocks'],
    meaning: 'The free memory of a zone sorted by block size. Many small blocks and no large one is fragmentation.',
  },
  {
    term: 'fragmentation',
    also: [],
    meaning: 'Free memory that is there, but in pieces smaller than the one asked for.',
  },
  {
    term: 'resident',
    also: ['rss', 'anon-rss', 'file-rss'],
    meaning:
      'The part of a process that is in RAM now. Pages shared by several processes are counted for each of them.',
  },
  {
    term: 'anonymous memory',
    also: ['anon', 'anonymous'],
    meaning: 'Memory that programs asked for and that is no copy of a file: it can only go to swap.',
  },
  {
    term: 'page cache',
    also: ['cache', 'file pages'],
    meaning: 'Copies of file contents in RAM. The kernel drops them when memory is needed.',
  },
  {
    term: 'swap cache',
    also: [],
    meaning: 'Pages on their way to or from swap. How many were ever added tells how much was swapped since boot.',
  },
  {
    term: 'slab',
    also: ['slab_unreclaimable', 'slab_reclaimable'],
    meaning: 'Memory of the kernel’s own small objects. The reclaimable part, mostly file names, can be given back.',
  },
  {
    term: 'page tables',
    also: ['pagetables', 'nr_ptes'],
    meaning: 'The kernel’s maps from addresses to pages. Every process has its own, even for memory they share.',
  },
  {
    term: 'kernel stack',
    also: ['kernel_stack'],
    meaning: 'A few pages that every thread needs inside the kernel.',
  },
  {
    term: 'shared memory',
    also: ['shmem', 'tmpfs', '/dev/shm'],
    meaning: 'Memory that several processes use together, and files in tmpfs. It stays when a process is killed.',
  },
  {
    term: 'huge pages',
    also: ['hugetlb', 'hugepages'],
    meaning: 'Large pages set aside in advance. Nothing but programs that ask for them can use them.',
  },
  {
    term: 'unevictable',
    also: ['mlocked'],
    meaning: 'Memory that may not leave RAM, mostly locked by its program.',
  },
  {
    term: 'reserved',
    also: [],
    meaning: 'RAM that the kernel took for itself when the machine started: its own code and the map of all pages.',
  },
  {
    term: 'not accounted',
    also: ['unaccounted'],
    meaning:
      'RAM that none of the report’s counters lists. Drivers, a balloon of the hypervisor and compressed swap take memory in this way.',
  },
  {
    term: 'cgroup',
    also: ['memcg', 'memory cgroup', 'memory.max', 'memory.high'],
    meaning:
      'A group of processes with limits of its own: a container, a service. At memory.max the kernel kills inside the group, however much the machine has.',
  },
  {
    term: 'failcnt',
    also: [],
    meaning: 'How often a cgroup’s request was refused at its limit.',
  },
  {
    term: 'cpuset',
    also: ['mems_allowed', 'memory policy', 'mempolicy'],
    meaning: 'Which processors and NUMA nodes a process may use.',
  },
  {
    term: 'NUMA node',
    also: ['node'],
    meaning: 'A part of RAM that belongs to one processor. A process may be bound to some nodes.',
  },
  {
    term: 'oom_score_adj',
    also: ['oom_adj'],
    meaning:
      'From −1000 to 1000: added to a process’s points, in thousandths of memory. −1000 exempts it; before 2.6.36 there was oom_adj, from −17 to 15.',
  },
  {
    term: 'badness',
    also: ['score', 'points'],
    meaning: 'What the kernel compares: resident memory, swap and page tables, plus the adjustment. The highest dies.',
  },
  {
    term: 'oom_reaper',
    also: [],
    meaning: 'A kernel thread that takes back the memory of a killed process without waiting for it to end.',
  },
  {
    term: 'thrashing',
    also: [],
    meaning: 'Pages go to swap and come back at once, so that the machine works only on moving them.',
  },
  {
    term: 'PSI',
    also: ['pressure', 'some', 'full', 'avg10'],
    meaning:
      'Pressure stall information: the share of time in which some, or all, tasks waited for memory; avg10 is over ten seconds.',
  },
  {
    term: 'SysRq',
    also: ['sysrq-f', 'moom_callback'],
    meaning: 'Keys (or a file in /proc) that give the kernel a command. SysRq-f runs the OOM killer once.',
  },
]

/** Spellings that are also everyday words: looked up when asked for, never marked in running text. */
const EVERYDAY: ReadonlySet<string> = new Set([
  'report',
  'min',
  'low',
  'high',
  'minimum',
  'order',
  'cache',
  'node',
  'normal',
  'movable',
  'score',
  'points',
  'pressure',
  'some',
  'full',
  'reserved',
  'out of memory',
  'protections',
])

/** A stretch of running text; `entry` explains it where it is a term. */
export interface TermPart {
  text: string
  entry: GlossaryEntry | null
}

/** Finds the terms in a sentence, each where it comes first; plurals count. */
export function markTerms(text: string): TermPart[] {
  const parts: TermPart[] = []
  const seen = new Set<GlossaryEntry>()
  let from = 0
  for (const found of text.matchAll(TERMS)) {
    const entry = findTerm(found[1] ?? '')
    if (!entry || seen.has(entry)) continue
    seen.add(entry)
    if (found.index > from) parts.push({ text: text.slice(from, found.index), entry: null })
    parts.push({ text: found[0], entry })
    from = found.index + found[0].length
  }
  if (from < text.length) parts.push({ text: text.slice(from), entry: null })
  return parts
}

// Longest first, so that "swap cache" is not read as "cache"; the plural is outside of the group.
const TERMS = new RegExp(
  `(?<![\\w./-])(${GLOSSARY.flatMap(({ term, also }) => [term, ...also])
    .filter((spelling) => !EVERYDAY.has(spelling.toLowerCase()))
    .sort((a, b) => b.length - a.length)
    .map((spelling) => spelling.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'))
    .join('|')})s?(?![\\w/-])`,
  'gi',
)

/** The entry for a term or one of its spellings, without regard to case; null when there is none. */
export function findTerm(word: string): GlossaryEntry | null {
  const wanted = word.toLowerCase()
  const isIt = (spelling: string) => spelling.toLowerCase() === wanted
  return GLOSSARY.find((entry) => isIt(entry.term) || entry.also.some(isIt)) ?? null
}
