import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { MetricsReading } from '@/lib/metrics/formats/reading'
import { claimants, METRICS_FORMATS, readMetrics, recogniseMetrics } from '@/lib/metrics/formats/registry'
import { largestMoment } from '@/lib/metrics/process'
import type { SourceHints } from '@/lib/source'

const FOLDER = join(import.meta.dirname, 'fixtures')
const EXPECTED = '.expected.json'

const fixtures = readdirSync(FOLDER).flatMap((format) =>
  readdirSync(join(FOLDER, format))
    .filter((name) => !name.endsWith(EXPECTED))
    .map((name) => ({ format, name, text: readFileSync(join(FOLDER, format, name), 'utf8') })),
)

function hintsOf(name: string): SourceHints {
  return { name, host: null, zone: null, year: null, modifiedAt: null, receivedAt: null }
}

/** What a person can check by eye against the fixture. */
function outline(reading: MetricsReading) {
  const all = [...reading.samples, ...reading.undated]
  const moment = largestMoment(reading.processes)
  const largest = moment?.rows.reduce((a, b) => ((b.rssKib ?? -1) > (a.rssKib ?? -1) ? b : a))
  return {
    kind: reading.kind,
    host: reading.host,
    kernel: reading.kernel,
    samples: reading.samples.length,
    undated: reading.undated.length,
    from: reading.from === null ? null : new Date(reading.from).toISOString(),
    to: reading.to === null ? null : new Date(reading.to).toISOString(),
    first: all[0] ?? null,
    last: all.at(-1) ?? null,
    processLists: reading.processes.map((list) => list.rows.length),
    largest: largest ?? null,
    openFiles: reading.openFiles,
    cgroup: reading.cgroup && { ...reading.cgroup, stats: Object.keys(reading.cgroup.stats).length },
    boots: reading.boots.map((boot) => `${new Date(boot.at).toISOString()} line ${boot.line}`),
    assumed: reading.assumed.map(({ what, value, isEvidenced }) => `${what} ${value}${isEvidenced ? '' : ' ?'}`),
    warnings: reading.warnings.map(({ line, code }) => `${line} ${code}`),
    lines: `${reading.recognisedLines} of ${reading.lines}`,
  }
}

test('every format has fixtures', () => {
  expect([...new Set(fixtures.map(({ format }) => format))].sort()).toEqual(METRICS_FORMATS.map(({ id }) => id).sort())
})

test.each(METRICS_FORMATS.map((format) => ({ id: format.id, format })))(
  '$id takes hostile lines of 64 KiB in its stride',
  ({ id, format }) => {
    const beginning = fixtures
      .find((fixture) => fixture.format === id)
      ?.text.split('\n')
      .slice(0, 4)
      .join('\n')
    for (const part of ['(', ' ', '1', ':', '| ', ', ', ';', '0,', '</', '"', '{"timestamp":', 'a1 ']) {
      const line = part.repeat(65_536 / part.length)
      format.recognise([line])
      const { kind } = readMetrics(format, `${beginning}\n${line}\n${line}`, hintsOf('x'))
      expect(['samples', 'snapshot']).toContain(kind)
    }
  },
)

test('no fixture is taken for a tool once it stands in a kernel log', () => {
  const kill = '[ 1142.53] Out of memory: Killed process 812 (mysqld) total-vm:1024kB, anon-rss:512kB'
  expect(fixtures.filter(({ text }) => recogniseMetrics(`${kill}\n${text}`) !== null)).toEqual([])
})

test('one sar report printed in ten locales tells the same', () => {
  const locales = fixtures.filter(({ format, name }) => format === 'sar' && name.startsWith('locale-'))
  const told = locales.map(({ name, text }) => {
    const format = recogniseMetrics(text)
    return format && readMetrics(format, text, hintsOf(name)).samples
  })
  expect(told).toHaveLength(10)
  for (const samples of told) expect(samples).toEqual(told[0])
})

describe.each(fixtures)('$format/$name', ({ format, name, text }) => {
  test('is claimed by exactly one format', () => {
    expect(claimants(text).map(({ id }) => id)).toEqual([format])
  })

  test('reads as expected', () => {
    const expected = JSON.parse(readFileSync(join(FOLDER, format, `${name}${EXPECTED}`), 'utf8'))
    const found = recogniseMetrics(text)
    expect(found && outline(readMetrics(found, text, hintsOf(name)))).toEqual(expected)
  })

  test('reads the same with CRLF', () => {
    const found = recogniseMetrics(text)
    if (!found) throw new Error('not recognised')
    const crlf = text.replaceAll('\n', '\r\n')
    expect(recogniseMetrics(crlf)?.id).toBe(format)
    expect(readMetrics(found, crlf, hintsOf(name))).toEqual(readMetrics(found, text, hintsOf(name)))
  })

  test('cut at any line it gives no sample that the whole does not have', () => {
    const found = recogniseMetrics(text)
    if (!found) throw new Error('not recognised')
    const lines = text.split('\n')
    const whole = readMetrics(found, text, hintsOf(name))
    const instants = new Set(whole.samples.map(({ at }) => at))
    // A block refused as a whole may be plausible while its wrong line is still missing.
    const isAnyRefused = whole.warnings.some(({ code }) => code === 'impossible-value')
    for (let count = 0; count < lines.length; count += Math.ceil(lines.length / 40)) {
      const cut = readMetrics(found, `${lines.slice(0, count).join('\n')}\n`, hintsOf(name))
      if (!isAnyRefused) expect(cut.samples.filter(({ at }) => !instants.has(at))).toEqual([])
    }
  })
})
