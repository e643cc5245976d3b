import { createLocalClock, type PrintedInstant } from '@/lib/metrics/formats/clock'
import { createDraft } from '@/lib/metrics/formats/draft'
import type { MetricsFormat } from '@/lib/metrics/formats/reading'
import { MEMORY_GROUPS, sadfInstant, takeCell } from '@/lib/metrics/formats/sadf-tree'
import { pageSizeOf, type SysstatCells, sysstatFields } from '@/lib/metrics/formats/sysstat'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/**
 * `sadf -j`. Read object by object, not as one document: a file cut in the middle keeps what stands before the cut, and
 * every sample has its line.
 */
export const sadfJson: MetricsFormat = {
  id: 'sadf-j',

  recognise: (lines) => /^\s*\{\s*"sysstat"\s*:/.test(lines.slice(0, 3).join('\n')),

  parse(lines, hints) {
    const draft = createDraft('sadf-j', lines.length, hints)
    const clock = createLocalClock(hints, draft)
    let host: string | null = null
    let machine: string | null = null

    for (const { key, text, line, isCut } of objectsOf(lines)) {
      if (key === 'nodename') {
        host = text
        draft.recognise(line)
        continue
      }
      if (key === 'machine') {
        machine = text
        continue
      }
      if (key === 'release') {
        draft.setKernel(text)
        continue
      }
      if (isCut) {
        draft.warn(line, 'cut-file', 'The file ends inside this object; it was left out.')
        continue
      }
      const object = parseObject(text)
      if (!object) {
        draft.warn(line, 'not-json', 'Refused: this object is not valid JSON.')
        continue
      }
      if (host !== null && !draft.claimHost(host, line)) continue
      if (key === 'boot') {
        const at = resolve(instantOf(object))
        if (at !== null) draft.addBoot({ at, line, text: `boot ${text}` })
        continue
      }
      const at = resolve(instantOf(asObject(object.timestamp)))
      const cells: SysstatCells = new Map()
      for (const group of MEMORY_GROUPS)
        for (const [name, value] of Object.entries(findGroup(object, group)))
          takeCell(cells, group, name, String(value))
      if (cells.size === 0) continue
      const fields = sysstatFields(cells, cells.has('pswpin/s') ? pageSizeOf(machine, draft) : 4096)
      if ('broken' in fields) draft.warn(line, 'not-a-number', `Refused: ${fields.broken} is no number.`)
      else if (at === null) draft.warn(line, 'impossible-time', 'Refused: no such date or time.')
      else draft.addSample(line, { at }, fields)
    }
    return draft.finish('samples')

    function resolve(instant: PrintedInstant | null): number | null {
      return instant && clock.resolve(instant)
    }
  },
}

interface Found {
  /** `statistics` or `boot` for an object, otherwise the name of a fact about the host. */
  key: 'statistics' | 'boot' | 'nodename' | 'machine' | 'release'
  text: string
  line: number
  isCut: boolean
}

const FACT = /^\s*"(nodename|machine|release)"\s*:\s*"([^"]*)"/

/** Facts about the host, the objects of `statistics`, and boots, in file order. sadf prints each fact on its own line. */
function* objectsOf(lines: string[]): Generator<Found> {
  const text = lines.join('\n')
  const landmarks = /"(?:nodename|machine|release)"\s*:\s*"[^"]*"|"boot"\s*:\s*\{|\{\s*"timestamp"\s*:/g
  let line = 1
  let counted = 0
  for (let mark = landmarks.exec(text); mark; mark = landmarks.exec(text)) {
    for (let at = text.indexOf('\n', counted); at >= 0 && at < mark.index; at = text.indexOf('\n', counted)) {
      line += 1
      counted = at + 1
    }
    const fact = FACT.exec(mark[0])
    if (fact?.[1]) {
      yield {
        key: fact[1] === 'nodename' || fact[1] === 'machine' ? fact[1] : 'release',
        text: fact[2] ?? '',
        line,
        isCut: false,
      }
      continue
    }
    const start = text.indexOf('{', mark.index)
    const end = endOfObject(text, start)
    yield {
      key: mark[0].startsWith('{') ? 'statistics' : 'boot',
      text: text.slice(start, end ?? start),
      line,
      isCut: end === null,
    }
    landmarks.lastIndex = end ?? text.length
  }
}

/** Index after the brace that closes the one at `start`; null when the text ends first. */
function endOfObject(text: string, start: number): number | null {
  let depth = 0
  let isString = false
  for (let at = start; at < text.length; at += 1) {
    const char = text[at]
    if (isString) {
      if (char === '\\') at += 1
      else if (char === '"') isString = false
    } else if (char === '"') isString = true
    else if (char === '{') depth += 1
    else if (char === '}') {
      depth -= 1
      if (depth === 0) return at + 1
    }
  }
  return null
}

function parseObject(text: string): { [key: string]: Json } | null {
  try {
    return asObject(JSON.parse(text))
  } catch {
    return null
  }
}

function asObject(value: Json | undefined): { [key: string]: Json } {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {}
}

/** A group stands at the top of its object, or (pressure) one or two levels down, in an object or an array. */
function findGroup(object: { [key: string]: Json }, group: string): { [key: string]: Json } {
  if (group in object) return asObject(object[group])
  const below = object.psi
  const parts = Array.isArray(below) ? below : [below]
  for (const part of parts) if (group in asObject(part)) return asObject(asObject(part)[group])
  return {}
}

function instantOf({ date, time, utc, tz }: { [key: string]: Json }): PrintedInstant | null {
  return typeof date === 'string' && typeof time === 'string'
    ? sadfInstant(date, time, utc === undefined ? null : String(utc), typeof tz === 'string' ? tz : null)
    : null
}
