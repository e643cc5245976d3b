import type { BuddyList, MemoryInfo, Zone } from '@/lib/oom/report'

export function emptyMemoryInfo(): MemoryInfo {
  return {
    swapFreeKib: null,
    swapTotalKib: null,
    ramPages: null,
    reservedPages: null,
    highMemPages: null,
    freePages: null,
    pageCachePages: null,
    swapCachePages: null,
    swapCache: null,
    totalsPages: {},
    nodesKib: {},
    zones: [],
    buddyLists: [],
    hugePages: [],
    lines: {},
  }
}

const ZONE_NAME = 'DMA32|DMA|Normal|HighMem|Movable|Device'
const HEADER = /^Mem-[Ii]nfo:?\s*$/
const PER_CPU = new RegExp(
  `^(?:(?:Node \\d{1,4} )?(?:${ZONE_NAME}) per-cpu:|cpu \\d{1,5} (?:hot|cold):|CPU +\\d{1,5}: +(?:Hot: +)?hi:)`,
)
// "DMA free:12292kB min:28kB …", "Node 0 Normal free:20564kB boost:0kB min:16524kB …"; one fact of many per key
const ZONE = new RegExp(`^(?:Node (\\d{1,4}) )?(${ZONE_NAME}) free:\\s?(\\d{1,20})kB`)
const ZONE_24 = /^Zone:(\S{1,16}) freepages: *(\d{1,20})kB/
// "back:0kB mapped:1520kB shmem:76kB … all_unreclaimable? no": the rest of a zone line whose head is not in the text
const ZONE_TAIL = /^[a-z_]{1,32}:\d{1,20}kB(?: [a-z_]{3,32}:\d{1,20}kB){3,} .{0,200}all_unreclaimable\? (?:yes|no)$/
const NODE = /^Node (\d{1,4}) active_anon:/
const RESERVE = /^(?:lowmem_reserve|protections)\[\]:((?: \d{1,20})+)/
const BUDDY = new RegExp(
  `^(?:(?:Node (\\d{1,4}) )?(${ZONE_NAME}): ?)?((?:\\d{1,10}\\*\\d{1,9}kB(?: ?\\([A-Z]{1,8}\\))? *){2,20})= *(\\d{1,20})kB`,
)
const BUDDY_EMPTY = new RegExp(`^(?:Node \\d{1,4} )?(?:${ZONE_NAME}): empty`)
const HUGE =
  /^(?:Node (\d{1,4}) )?hugepages_total=(\d{1,20}) hugepages_free=(\d{1,20}) hugepages_surp=(\d{1,20}) hugepages_size=(\d{1,20})kB/
// "Active:2907 inactive:49122 dirty:0 …", " free:12180 slab:6561 …", "( Active: 94312, inactive_dirty: 4, free: 35234 )"
const TOTALS = /^\(? ?([A-Za-z_]{4,24}(?:\((?:anon|file)\))?): ?\d{1,20}(?![\dkK*])/
const TOTAL = /([A-Za-z_-]{4,24}(?:\((?:anon|file)\))?): ?(\d{1,20})(?![\dkK])/g
const FREE_PAGES = /^Free pages: +\d{1,20}/
const KIB_PAIR = /([A-Za-z_]{3,32}(?:\((?:anon|file)\))?): ?(\d{1,20})k?[Kk]B/g
// RHEL 3: "aa:0 ac:0 id:0 …", and zones in pages: "Zone:DMA freepages:  2932 min:     0"
const LISTS_24 = /^(?:aa|ac|id|il|ic|fr):\d+|^Zone:\S{1,16} freepages: *\d{1,20}(?![\dk])/

const TOTAL_KEYS = new Set(
  (
    'active inactive active_anon inactive_anon isolated_anon active_file inactive_file isolated_file unevictable dirty ' +
    'writeback unstable free slab mapped pagetables shmem bounce free_pcp free_cma slab_reclaimable slab_unreclaimable ' +
    'sec_pagetables kernel_misc_reclaimable inactive_dirty inactive_clean inactive_laundry'
  ).split(' '),
)

/** Pages of 64 kB (arm64, ppc64) are the largest that Linux is built with in practice; 256 is its limit. */
const MAX_PAGE_KIB = 256

interface Scalar {
  pattern: RegExp
  member:
    | 'swapFreeKib'
    | 'swapTotalKib'
    | 'ramPages'
    | 'reservedPages'
    | 'highMemPages'
    | 'pageCachePages'
    | 'swapCachePages'
}

/** Facts that stand alone on their line, in the spellings of 2.4 to 6.x. */
const SCALARS: readonly Scalar[] = [
  { pattern: /^Free swap(?: *=|:) *(\d{1,20})kB/, member: 'swapFreeKib' },
  { pattern: /^Total swap(?: *=|:) *(\d{1,20})kB/, member: 'swapTotalKib' },
  { pattern: /^(\d{1,20}) pages (?:of )?RAM/, member: 'ramPages' },
  { pattern: /^(\d{1,20}) (?:reserved pages|pages reserved)/, member: 'reservedPages' },
  { pattern: /^(\d{1,20}) pages (?:of HIGHMEM|HighMem)/, member: 'highMemPages' },
  { pattern: /^(\d{1,20}) total pagecache pages/, member: 'pageCachePages' },
  { pattern: /^(\d{1,20}) pages (?:in swap cache|swap cached)/, member: 'swapCachePages' },
]
const SWAP_CACHE = /^Swap cache(?: stats)?: add (\d{1,20}), delete (\d{1,20}), find (\d{1,20})\/(\d{1,20})/
// "36784 pages slab" of 2.6.13 to 2.6.2x: the same counters as in the line of totals, which may be cut off
const COUNTED_PAGES = /^(\d{1,20}) pages (dirty|writeback|mapped|slab|pagetables)$/
const OTHER_PAGES =
  /^\d{1,20} (?:pages (?:shared|non-shared|cma reserved|hwpoisoned|of slabcache|of kernel stacks|lowmem pagetables|highmem pagetables)|slab pages|free pages|buffer pages|pages of slabcache|lowmem pagetables)\b/

/** True for the first line of a Mem-Info block. */
export function isMemInfoHeader(message: string): boolean {
  return HEADER.test(message.length > 20 ? message.slice(0, 20) : message)
}

/** True for a line that opens the per-cpu lists, with which a block without a header (2.6.8 to 2.6.10) begins. */
export function isFirstPerCpu(message: string): boolean {
  return /^(?:Node 0 )?DMA per-cpu:/.test(message.length > 24 ? message.slice(0, 24) : message)
}

/**
 * Reads one line of a Mem-Info block into `memory`. Linux mm/show_mem.c, show_free_areas() (mm/page_alloc.c before 6.3).
 *
 * @returns false for lines of other kinds
 */
export function readMemInfoLine(message: string, line: number, memory: MemoryInfo): boolean {
  // A mailer that could not write an unbreakable blank wrote "?".
  const text = message.trim().replace(/^\?{1,8} {0,8}(?=[a-z_]{4,24}:\d)/, '')
  if (text === '' || text.length > 4000) return false
  const first = text.charCodeAt(0)
  const isDigit = first >= 48 && first <= 57
  if (isDigit)
    return (
      readScalar(text, line, memory) ||
      readCounted(text, line, memory) ||
      OTHER_PAGES.test(text) ||
      readBuddy(text, line, memory)
    )
  return (
    readZone(text, line, memory) ||
    readBuddy(text, line, memory) ||
    readReserve(text, memory) ||
    readTotals(text, line, memory) ||
    readNode(text, line, memory) ||
    readZoneTail(text, line, memory) ||
    readScalar(text, line, memory) ||
    readHuge(text, line, memory) ||
    HEADER.test(text) ||
    PER_CPU.test(text) ||
    BUDDY_EMPTY.test(text) ||
    FREE_PAGES.test(text) ||
    LISTS_24.test(text)
  )
}

function readScalar(text: string, line: number, memory: MemoryInfo): boolean {
  const cache = SWAP_CACHE.exec(text)
  if (cache) {
    const [, add, remove, success, total] = cache
    memory.swapCache = {
      add: Number(add),
      delete: Number(remove),
      findSuccess: Number(success),
      findTotal: Number(total),
    }
    memory.lines.swapCache = line
    return true
  }
  for (const { pattern, member } of SCALARS) {
    const match = pattern.exec(text)
    if (!match) continue
    // 2.6.13 to 2.6.2x print free swap twice, in both spellings.
    if (memory[member] === null) {
      memory[member] = Number(match[1])
      memory.lines[member] = line
    }
    return true
  }
  return false
}

function readCounted(text: string, line: number, memory: MemoryInfo): boolean {
  const match = COUNTED_PAGES.exec(text)
  if (!match) return false
  const [, pages, key = ''] = match
  memory.totalsPages[key] ??= Number(pages)
  memory.lines[key] ??= line
  return true
}

function readTotals(text: string, line: number, memory: MemoryInfo): boolean {
  const start = TOTALS.exec(text)
  if (!start || !TOTAL_KEYS.has((start[1] ?? '').toLowerCase())) return false
  for (const [, name, pages] of text.matchAll(TOTAL)) {
    const key = (name ?? '').toLowerCase()
    memory.totalsPages[key] ??= Number(pages)
    memory.lines[key] ??= line
    if (key === 'free' && memory.freePages === null) {
      memory.freePages = Number(pages)
      memory.lines.freePages = line
    }
  }
  return true
}

function readNode(text: string, line: number, memory: MemoryInfo): boolean {
  if (!NODE.test(text)) return false
  for (const [, key, kib] of text.matchAll(KIB_PAIR)) {
    memory.nodesKib[key ?? ''] = (memory.nodesKib[key ?? ''] ?? 0) + Number(kib)
  }
  memory.lines.nodesKib ??= line
  return true
}

/** Without its head nobody knows which zone it is: the figures count for the machine, as a node's do. */
function readZoneTail(text: string, line: number, memory: MemoryInfo): boolean {
  if (!ZONE_TAIL.test(text)) return false
  for (const [, key, kib] of text.slice(text.indexOf(' ')).matchAll(KIB_PAIR))
    memory.nodesKib[key ?? ''] ??= Number(kib)
  memory.lines.nodesKib ??= line
  return true
}

function readZone(text: string, line: number, memory: MemoryInfo): boolean {
  const old = ZONE_24.exec(text)
  const match = old ? null : ZONE.exec(text)
  if (!old && !match) return false
  const fieldsKib: Record<string, number> = {}
  for (const [, key, kib] of text.matchAll(KIB_PAIR)) fieldsKib[key ?? ''] = Number(kib)
  const scanned = /pages_scanned:(\d{1,20})/.exec(text)
  const unreclaimable = /all_unreclaimable\? (yes|no)/.exec(text)
  const node = match?.[1] === undefined ? null : Number(match[1])
  const name = match?.[2] ?? old?.[1] ?? ''
  // Doubled lines of a paste are one zone.
  if (memory.zones.some((zone) => zone.name === name && zone.node === node)) return true
  memory.zones.push({
    line,
    node,
    name,
    freeKib: Number(match?.[3] ?? old?.[2]),
    minKib: fieldsKib.min ?? null,
    lowKib: fieldsKib.low ?? null,
    highKib: fieldsKib.high ?? null,
    presentKib: fieldsKib.present ?? null,
    managedKib: fieldsKib.managed ?? null,
    pagesScanned: scanned ? Number(scanned[1]) : null,
    isUnreclaimable: unreclaimable ? unreclaimable[1] === 'yes' : null,
    lowmemReservePages: null,
    fieldsKib,
  })
  return true
}

function readReserve(text: string, memory: MemoryInfo): boolean {
  const match = RESERVE.exec(text)
  if (!match) return false
  const zone = memory.zones.at(-1)
  if (zone && zone.lowmemReservePages === null) zone.lowmemReservePages = (match[1] ?? '').trim().split(' ').map(Number)
  return true
}

function readBuddy(text: string, line: number, memory: MemoryInfo): boolean {
  const match = BUDDY.exec(text)
  if (!match) return false
  const blocks = [...(match[3] ?? '').matchAll(/(\d+)\*(\d+)kB/g)].map(([, count, sizeKib]) => ({
    sizeKib: Number(sizeKib),
    count: Number(count),
  }))
  // A piece of a broken line starts in the middle of the orders, and would give a wrong page size.
  if ((blocks[0]?.sizeKib ?? 0) > MAX_PAGE_KIB) return false
  const node = match[1] === undefined ? null : Number(match[1])
  if (match[2] && memory.buddyLists.some((list) => list.zone === match[2] && list.node === node)) return true
  const unnamed = memory.zones[memory.buddyLists.length]
  memory.buddyLists.push({
    line,
    node,
    // 2.4 prints no name here; its lists come in the order of the zones.
    zone: match[2] ?? unnamed?.name ?? '',
    blocks,
    totalKib: Number(match[4]),
  })
  return true
}

function readHuge(text: string, line: number, memory: MemoryInfo): boolean {
  const match = HUGE.exec(text)
  if (!match) return false
  const [, node, total, free, surplus, sizeKib] = match
  memory.hugePages.push({
    line,
    node: node === undefined ? null : Number(node),
    total: Number(total),
    free: Number(free),
    surplus: Number(surplus),
    sizeKib: Number(sizeKib),
  })
  return true
}

/** Size of a page in KiB: the smallest block of a buddy list. Null without one. */
export function smallestBlockKib(lists: readonly BuddyList[]): number | null {
  const sizes = lists.flatMap((list) => list.blocks.slice(0, 1).map((block) => block.sizeKib))
  return sizes.length === 0 ? null : Math.min(...sizes)
}

/** The zone that a buddy list describes. */
export function zoneOf(list: BuddyList, zones: readonly Zone[]): Zone | null {
  return zones.find((zone) => zone.name === list.zone && zone.node === list.node) ?? null
}

/** True when anything was read into it. */
export function hasMemoryFacts(memory: MemoryInfo): boolean {
  return (
    memory.zones.length > 0 ||
    memory.buddyLists.length > 0 ||
    memory.hugePages.length > 0 ||
    memory.swapCache !== null ||
    Object.keys(memory.totalsPages).length > 0 ||
    Object.keys(memory.nodesKib).length > 0 ||
    SCALARS.some(({ member }) => memory[member] !== null)
  )
}
