import { describe, expect, test } from 'vitest'
import { aKill, anEvent, aReport, minutes } from '@/lib/incidents/facts-for-tests'
import type { IncidentFacts, Note } from '@/lib/incidents/incident'
import { buildTimeline } from '@/lib/incidents/timeline'
import type { LogEvent } from '@/lib/oom/report'
import { sayMessage } from '@/lib/text/say'

const facts = (known: Partial<IncidentFacts>): IncidentFacts => ({
  kills: [],
  reports: [],
  events: [],
  from: null,
  to: null,
  ...known,
})
const note = (known: Partial<Note>): Note => ({
  id: 'note_1',
  incidentId: 'inc_1',
  at: null,
  isAtUncertain: false,
  isOtherBoot: false,
  text: 'Restarted by hand',
  author: 'Ada',
  createdAt: minutes(0),
  ...known,
})
const plain = (text: string) => text.replaceAll('\u00a0', ' ')
const words = (entry: { sentence: Parameters<typeof sayMessage>[0] }) => plain(sayMessage(entry.sentence))

test('a report is one row before its kills, measured from the first kill', () => {
  const report = aReport({
    at: minutes(0),
    index: 0,
    line: 1,
    endStamp: { text: null, at: minutes(2), uptimeSeconds: null },
  })
  const kill = aKill({ at: minutes(2), report: 0, line: 10, comm: 'mysqld', pid: 22073 })
  const rows = buildTimeline(facts({ kills: [kill], reports: [report] }))
  expect(rows.map((row) => [row.kind, row.deltaMs, words(row)])).toEqual([
    ['report', -120_000, 'OOM report: 10 lines, written over 120 s'],
    ['kill', 0, 'mysqld 22073 killed by the kernel'],
  ])
})

test('a kill without its report says that the figures are not about it', () => {
  const report = aReport({ at: minutes(0), index: 0, line: 1 })
  const kills = [
    aKill({ at: minutes(0), report: 0, line: 10 }),
    aKill({ at: minutes(1), line: 12, pid: 2, comm: 'httpd' }),
  ]
  const rows = buildTimeline(facts({ kills, reports: [report] }))
  expect(rows.map((row) => row.detail?.key)).toEqual([undefined, 'timeline.kill.no-size', 'timeline.kill.no-report'])
})

test('a quiet stretch of ten minutes is said, and whether samples continue', () => {
  const kills = [aKill({ at: minutes(0), line: 1, pid: 1 }), aKill({ at: minutes(45), line: 2, pid: 2, comm: 'other' })]
  const quiet = (samples: { at: number }[]) => buildTimeline(facts({ kills }), [], { samples })[1]
  expect(quiet([])).toMatchObject({ kind: 'quiet', at: minutes(0), until: minutes(45), deltaMs: null })
  expect(words(quiet([]) ?? { sentence: { key: '', params: {} } })).toBe('45 min between kills, nothing in the log')
  expect(quiet([{ at: minutes(20) }])?.sentence.key).toBe('timeline.quiet-samples')
})

describe('repetition folds', () => {
  test('a restart loop with a report each is one row that keeps every kill', () => {
    const turn = (index: number) => {
      const stamp = { text: null, at: minutes(index * 7), uptimeSeconds: null }
      const path = { constraint: 'memcg', limitCgroup: `/pods/pod${index}` } as const
      return {
        report: aReport({ index, stamp, endStamp: stamp, line: index * 20 + 1 }),
        kill: aKill({ index, report: index, stamp, line: index * 20 + 10, pid: index, comm: 'python3', ...path }),
      }
    }
    const turns = [0, 1, 2, 3].map(turn)
    const rows = buildTimeline(
      facts({ kills: turns.map(({ kill }) => kill), reports: turns.map(({ report }) => report) }),
    )
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({ kind: 'fold', until: minutes(21), isKey: true })
    expect(rows[0]?.folded.map((row) => row.kill)).toEqual([null, 0, null, 1, null, 2, null, 3])
    expect(rows.map(words)).toEqual(['4 × python3 killed, about every 7 min'])
  })

  test('events fold when only their numbers differ', () => {
    const events = [1, 2, 3].map((line) =>
      anEvent({ kind: 'fork-failed', at: minutes(line), line, message: `fork of child ${line} failed` }),
    )
    expect(buildTimeline(facts({ events })).map(words)).toEqual(['3 × fork of child 1 failed'])
  })

  test('two rows stay two', () => {
    const events = [1, 2].map((line) => anEvent({ kind: 'fork-failed', at: minutes(line), line }))
    expect(buildTimeline(facts({ events })).map((row) => row.kind)).toEqual(['event', 'event'])
  })
})

test('bursts are numbered', () => {
  const kills = [0, 45, 45.1, 180].map((at, index) => aKill({ at: minutes(at), line: index + 1, pid: index }))
  const rows = buildTimeline(facts({ kills })).filter((row) => row.kind === 'kill')
  expect(rows.map((row) => row.burst)).toEqual([0, 1, 1, 2])
})

test('notes stand at their time, those without one at the end', () => {
  const kills = [aKill({ at: minutes(10), line: 1 })]
  const notes = [note({ id: 'later', isOtherBoot: true }), note({ id: 'before', at: minutes(5) })]
  expect(buildTimeline(facts({ kills }), notes).map((row) => row.note?.id ?? row.kind)).toEqual([
    'before',
    'kill',
    'later',
  ])
})

test('rows of a source that only counts seconds are measured by its uptime', () => {
  const stamp = (uptimeSeconds: number) => ({ text: null, at: null, uptimeSeconds })
  const kills = [aKill({ stamp: stamp(100.5), line: 1, pid: 1 }), aKill({ stamp: stamp(103), line: 2, pid: 2 })]
  expect(buildTimeline(facts({ kills })).map((row) => [row.at, row.deltaMs])).toEqual([
    [null, 0],
    [null, 2500],
  ])
})

test('ids name the line and fit into an address', () => {
  const kill = aKill({ lines: { source: 'logs/mail 1.gz', from: 29, to: 29 } })
  expect(buildTimeline(facts({ kills: [kill] })).map((row) => row.id)).toEqual(['kill-logs-mail-1-gz-29'])
})

test('a snapshot says what it recorded; one that tells nothing quotes its line', () => {
  const told: LogEvent['detail'][] = [
    { processes: 3, programs: 'java (2): 614,400 kB' },
    { processes: 1, files: 40_123, holders: 'java 812: 40,123' },
    { amounts: 'anonymous 1 MiB' },
    {},
  ]
  const words = ['mysqld', 'java', 'anon 1048576', 'a row']
  const events = told.map((detail, index) =>
    anEvent({ kind: 'snapshot', at: minutes(index), line: index + 1, message: words[index], detail }),
  )
  const rows = buildTimeline(facts({ events }))
  expect(rows.map((row) => row.detail && plain(sayMessage(row.detail)))).toEqual([
    '3 processes: java (2): 614,400 kB',
    '1 process, 40,123 open files: java 812: 40,123',
    'anonymous 1 MiB',
    'a row',
  ])
})
