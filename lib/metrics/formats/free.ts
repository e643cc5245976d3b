import { createLocalClock, type PrintedInstant } from '@/lib/metrics/formats/clock'
import { createDraft } from '@/lib/metrics/formats/draft'
import { blockTime } from '@/lib/metrics/formats/keyed-blocks'
import { type MemoryUnit, unitOfFree } from '@/lib/metrics/formats/memory-unit'
import { parseSize } from '@/lib/metrics/formats/numbers'
import type { MetricsFormat } from '@/lib/metrics/formats/reading'
import { parseStampLine } from '@/lib/metrics/formats/stamps'
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

  recognise: (lines) =>
    lines.slice(0, 4).some((line) => ONE_LINE.test(line)) ||
    lines.slice(0, 8).some((line, index) => {
      const count = amountsOf(lines[index + 1] ?? '')?.length ?? 0
      return headerColumns(line) !== null && (count === 6 || count === 7) && headerColumns(line)?.length === count
    }),

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
  lines.forEach((line, index) => {
    const found = parseStampLine(line)
    if (found) {
      stamp = found
      return
    }
    const columns = headerColumns(line)
    if (columns && amountsOf(lines[index + 1] ?? '')) {
      open = {
        line: index + 2,
        stamp,
        columns,
        isOld: false,
        isWide: /^ {15}\S/.test(line),
        memory: null,
        swap: null,
        commit: null,
      }
      blocks.push(open)
      stamp = null
      recognise(index + 1)
      return
    }
    const oneLine = ONE_LINE.exec(line)?.[1]
    if (oneLine) {
      const block = {
        line: index + 1,
        stamp,
        columns: ['free'],
        isOld: false,
        isWide: true,
        memory: [oneLine],
        swap: null,
        commit: null,
      }
      blocks.push(block)
      stamp = null
      return
    }
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

function headerColumns(line: string): string[] | null {
  const names = line.trim().split(/\s+/)
  return (/^\s/.test(line) || names[0] === 'total') &&
    names.length >= 6 &&
    names.length <= 7 &&
    names.every((name) => /^[^\d:]+$/.test(name))
    ? names
    : null
}

const AMOUNT = /^\d+(?:[.,]\d+)?(?:[KMGTPE]i?B?|B)?$/

/** The amounts of "Mem:   24684092 …": a label of any language, a colon, then amounts only. Null for any other line. */
function amountsOf(line: string): string[] | null {
  const colon = /[:：]/.exec(line)
  if (!colon || line.length > 400 || /\d/.test(line.slice(0, colon.index))) return null
  const amounts = line
    .slice(colon.index + 1)
    .trim()
    .split(/\s+/)
  return amounts.every((text) => AMOUNT.test(text)) ? amounts : null
}
