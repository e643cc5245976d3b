import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createLogReader } from '@/lib/analysis/reader'
import { LOG_FORMATS } from '@/lib/logs/registry'

const ROOT = join(import.meta.dirname, '..', 'logs', 'fixtures')
/** Formats that are no entry of the registry: journalctl's `short-precise` (read by RFC 3164) and entries of several lines. */
const OTHERS = ['journal-short', 'journal-export']

interface Expected {
  envelope: string
  host: string | null
  kills: Record<string, unknown>[]
  events?: string[]
}

describe.each(readdirSync(ROOT))('%s', (format) => {
  test.each(readdirSync(join(ROOT, format)).filter((file) => file.endsWith('.log')))('%s', (log) => {
    const expected: Expected = JSON.parse(
      readFileSync(join(ROOT, format, log.replace(/log$/, 'expected.json')), 'utf8'),
    )
    const reader = createLogReader({
      name: log,
      host: null,
      zone: null,
      year: null,
      modifiedAt: null,
      receivedAt: Date.UTC(2026, 10, 24),
    })
    reader.push(readFileSync(join(ROOT, format, log)))
    const analysis = reader.end()
    const kills = analysis.kills.map((kill) => ({ ...kill, at: kill.stamp.text }))
    expect(kills).toHaveLength(expected.kills.length)
    expect({ ...analysis, kills, events: analysis.events.map((event) => event.kind) }).toMatchObject(expected)
  })
})

test('every format has fixtures, and every fixture belongs to a format', () => {
  expect(readdirSync(ROOT).sort()).toEqual(
    [...new Set([...LOG_FORMATS.map((format) => format.name), ...OTHERS])].sort(),
  )
})
