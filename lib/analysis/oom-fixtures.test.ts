import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { FileAnalysis } from '@/lib/analysis/analysis'
import { createLogReader } from '@/lib/analysis/reader'
import { OOM_SOURCES } from '@/lib/oom/registry'

const ROOT = join(import.meta.dirname, '..', 'oom', 'fixtures')

/** What a fixture says about its log; only what it names is compared. */
interface Expected {
  origin: string
  kills: Record<string, unknown>[]
  reports?: Record<string, unknown>[]
  events?: string[]
  samples?: number
  kernel?: string
}

function read(path: string): FileAnalysis {
  const reader = createLogReader({
    name: 'fixture',
    host: null,
    zone: null,
    year: null,
    modifiedAt: null,
    receivedAt: Date.UTC(2026, 10, 24),
  })
  reader.push(readFileSync(path))
  return reader.end()
}

/** The facts in the fixture's words: counts instead of lists, the printed time instead of the stamp. */
function inWords(analysis: FileAnalysis) {
  return {
    kills: analysis.kills.map((kill) => ({ ...kill, echoes: kill.echoes.length, at: kill.stamp.text })),
    reports: analysis.reports.map((report) => ({ ...report, tasks: report.tasks?.length ?? null })),
    events: analysis.events.map((event) => event.kind),
    samples: analysis.samples.length,
    kernel: analysis.kernel,
  }
}

describe.each(OOM_SOURCES.map((source) => source.name))('what %s says', (name) => {
  const logs = readdirSync(join(ROOT, name)).filter((file) => file.endsWith('.log'))

  test.each(logs)('%s', (log) => {
    const expected: Expected = JSON.parse(readFileSync(join(ROOT, name, log.replace(/log$/, 'expected.json')), 'utf8'))
    const { origin, ...facts } = expected
    const found = inWords(read(join(ROOT, name, log)))
    expect(found.kills).toHaveLength(expected.kills.length)
    if (expected.reports) expect(found.reports).toHaveLength(expected.reports.length)
    expect(found).toMatchObject(facts)
    expect(origin).not.toBe('')
  })
})

test('every folder of fixtures belongs to a source, and every source has one', () => {
  expect(readdirSync(ROOT).sort()).toEqual(OOM_SOURCES.map((source) => source.name).sort())
})
