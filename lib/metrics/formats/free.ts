import { createLocalClock, type PrintedInstant } from '@/lib/metrics/formats/clock'
import { createDraft } from '@/lib/metrics/formats/draft'
import { blockTime } from '@/lib/metrics/formats/keyed-blocks'
import { type MemoryUnit, unitOfFree } from '@/lib/metrics/formats/memory-unit'
import { parseSize } from '@/lib/metrics/formats/numbers'
import type { MetricsFormat } from '@/lib/metrics/formats/reading'
import { parseStampLine, splitStamp } from '@/lib/metrics/formats/stamp-lines'
import type { SampleFields } from '@/lib/metrics/plausible'

type RowKind = 'memory' | 'swap' | 'commit' | 'other'

interface Block {
  line: number
  stamp: PrintedInstant | null
  columns: string[]
  /** True when a "-/+ buffers/cache" row stands below: procps before 3.3.10. */
  isOld: boolean
  /** True for the wider table of procps 4. */
  isWide: boolean
  memory: string[] | null
  swap: string[] | null
  commit: string[] | null
}

// free -L: "SwapUse        9176 CachUse     2140552  MemUse     4109892 MemFree    18852708"
const ONE_LINE = /^SwapUse\s+\S+ CachUse\s+\S+\s+MemUse\s+\S+ MemFree\s+(\S+)\s*$/

/** `free`, three generations, once or with -s, in any language; `used` is derived differently by each, so it is not kept. */
export const free: MetricsFormat = {
  id: 'free',
  takesStampedLines: true,

  recognise: (lines) =>
    lines.slice(0, 4).some((line) => ONE_LINE.test(line)) ||
    lines
      .slice(0, 8)
      .some((line, index) => headerColumns(line, lines[index + 1] ?? '') !== null || isLoneRow(amountsOf(line), line)),

  parse(lines, hints) {
    const draft = createDraft('free', lines.length, hints)
    const clock = createLocalClock(hints, draft)
    const blocks = readBlocks(lines, draft.recognise)
    const amounts = blocks.flatMap((block) => [...(block.memory ?? []), ...(block.swap ?? [])])
    const hasSuffixes = amounts.some((text) => /[A-Za-z]$/.test(text))
    const unit = hasSuffixes
      ? null
      : unitOfFree(amounts.map(Number), Number(blocks.find((block) => block.memory)?.memory?.[0] ?? 0), hints.name)
    if (unit) draft.assume({ what: 'unit', value: unit.label, why: unit.why, isEvidenced: unit.isEvidenced })
    else if (!hasSuffixes && blocks.length > 0)
      draft.warn(
        blocks[0]?.line ?? 0,
        'unknown-unit',
        'These numbers could be MiB or GiB and nothing tells which; they were left out.',
      )
    blocks.forEach((block, index) => {
      if (!block.memory || block.memory.length !== block.columns.length) {
        draft.warn(block.line, 'cut-row', 'Refused: no whole row of memory under this header.')
        return
      }
      draft.addSample(block.line, blockTime(block, index, clock), unit || hasSuffixes ? fieldsOf(block, unit) : {})
    })
    if (unit?.label === 'GiB')
      draft.warn(0, 'rounded', 'Amounts are whole GiB, rounded down: 0 may be up to 1 GiB and was left out.')
    return draft.finish('by-count')
  },
}

function readBlocks(lines: string[], recognise: (line: number) => void): Block[] {
  const blocks: Block[] = []
  let stamp: PrintedInstant | null = null
  let open: Block | null = null
  function begin(block: Pick<Block, 'line' | 'columns' | 'isWide'>, own: PrintedInstant | null): Block {
    const begun = { ...block, stamp: own ?? stamp, isOld: false, memory: null, swap: null, commit: null }
    blocks.push(begun)
    stamp = null
    return begun
  }
  lines.forEach((whole, index) => {
    const found = parseStampLine(whole)
    if (found) {
      stamp = found
      return
    }
    const { stamp: own, text: line } = splitStamp(whole)
    const columns = headerColumns(line, splitStamp(lines[index + 1] ?? '').text)
    if (columns) {
      open = begin({ line: index + 2, columns, isWide: /^ {15}\S/.test(line) }, own)
      recognise(index + 1)
      return
    }
    const oneLine = ONE_LINE.exec(line)?.[1]
    if (oneLine) {
      begin({ line: index + 1, columns: ['free'], isWide: true }, own).memory = [oneLine]
      return
    }
    const lone = amountsOf(line)
    if (lone && (!open || open.memory) && isLoneRow(lone, line))
      open = begin({ line: index + 1, columns: columnsOfLoneRow(lone), isWide: false }, own)
    if (!open) return
    if (/^\s*-\/\+/.test(line)) {
      open.isOld = true
      recognise(index + 1)
      return
    }
    const amounts = amountsOf(line)
    if (!amounts) return
    recognise(index + 1)
    const kind = kindOf(line, amounts, open)
    if (kind !== 'other') open[kind] ??= amounts
  })
  return blocks
}

/** Labels are translated, so what is not a known English label is told by its place and its number of amounts. */
function kindOf(line: string, amounts: string[], open: Block): RowKind {
  const label = line.trim().toLowerCase()
  if (label.startsWith('comm')) return 'commit'
  if (/^(low|high|total|insgesamt|gesamt)\b/.test(label)) return 'other'
  if (!open.memory && amounts.length >= 6) return 'memory'
  return amounts.length === 3 && !open.swap ? 'swap' : 'other'
}

function fieldsOf(block: Block, unit: MemoryUnit | null): SampleFields {
  const size = (text: string | undefined): number | null => {
    // procps 4 marks powers of 1,024 with an "i", so its "23G" is --si; older ones never print the "i".
    const base = block.isWide && /\d[KMGTP]$/.test(text ?? '') ? 1000 : 1024
    const bytes = parseSize(text, unit?.bytes ?? 1, base)
    // Rounded down to whole GiB, 0 is not "none".
    return bytes === 0 && unit?.label === 'GiB' ? null : bytes
  }
  const names = isEnglish(block.columns) ? block.columns : columnsByPlace(block)
  const cell = (name: string): number | null => {
    const place = names.indexOf(name)
    return place < 0 ? null : size(block.memory?.[place])
  }
  const shared = cell('shared')
  return {
    memTotal: cell('total'),
    memFree: cell('free'),
    memAvailable: cell('available'),
    buffers: cell('buffers'),
    // Only the old `cached` is the kernel's Cached; `cache` and `buff/cache` hold reclaimable slab too.
    cached: cell('cached'),
    // Before procps 3.3.10 this column was the long abolished MemShared, always 0.
    shmem: block.isOld && shared === 0 ? null : shared,
    swapTotal: block.swap ? size(block.swap[0]) : null,
    swapFree: block.swap ? size(block.swap[2]) : null,
    commitLimit: block.commit ? size(block.commit[0]) : null,
    committedAs: block.commit ? size(block.commit[1]) : null,
  }
}

const WIDE = ['total', 'used', 'free', 'shared', 'buffers', 'cache', 'available']
const OLD = ['total', 'used', 'free', 'shared', 'buffers', 'cached']
const NEW = ['total', 'used', 'free', 'shared', 'buff/cache', 'available']

function isEnglish(columns: string[]): boolean {
  return columns.includes('free')
}

function columnsByPlace(block: Block): string[] {
  return block.columns.length === 7 ? WIDE : block.isOld ? OLD : NEW
}

/**
 * The names above a row of amounts; null when the line is no header. A translated name may hold a blank ("w cache"), and
 * then only their places count.
 */
function headerColumns(line: string, below: string): string[] | null {
  if (line.length > LONGEST_ROW || !(/^\s/.test(line) || line.startsWith('total ')) || /[\d:]/.test(line)) return null
  const names = line.trim().split(/\s+/)
  const count = amountsOf(below)?.length
  if (count !== 6 && count !== 7) return null
  if (names.length === count) return names
  return names.length === count + 1 ? Array.from({ length: count }, (_, place) => `column ${place}`) : null
}

/** "Mem: …" alone, as `free | grep Mem` leaves it. */
function isLoneRow(amounts: string[] | null, line: string): boolean {
  return amounts !== null && (amounts.length === 6 || amounts.length === 7) && /^\s*Mem\.?:/.test(line)
}

/** The oldest `free` counts everything that is not free as used; the later ones leave the caches out. */
function columnsOfLoneRow(amounts: string[]): string[] {
  if (amounts.length === 7) return WIDE
  const [total, used, free] = amounts.map((amount) => parseSize(amount, 1) ?? 0)
  return Math.abs((used ?? 0) + (free ?? 0) - (total ?? 0)) <= 1 ? OLD : NEW
}

// Longer than any free prints.
const LONGEST_ROW = 400
const AMOUNT = /^\d+(?:[.,]\d+)?(?:[KMGTPE]i?B?|B)?$/

// The last is the wide colon in GBK, read as Latin-1.
const COLON = /[:：]|\u00a3\u00ba/

/** The amounts of "Mem:   24684092 …": a label of any language, a colon, then amounts only. Null for any other line. */
function amountsOf(line: string): string[] | null {
  const colon = COLON.exec(line)
  if (!colon || line.length > LONGEST_ROW || /\d/.test(line.slice(0, colon.index))) return null
  const amounts = line
    .slice(colon.index + colon[0].length)
    .trim()
    .split(/\s+/)
  return amounts.every((text) => AMOUNT.test(text)) ? amounts : null
}
