import { expect, test } from 'vitest'
import { chooseExcerpts, isShown } from '@/lib/incidents/excerpt'
import type { IncidentFacts } from '@/lib/incidents/incident'

const range = (from: number, to: number, source = 'u1') => ({ source, from, to })

/** Only the members that choosing lines reads. */
function facts(reports: [number, number][], kills: [number, number | null][]): IncidentFacts {
  return {
    reports: reports.map(([from, to], index) => ({ index, lines: range(from, to) })),
    kills: kills.map(([line, report], index) => ({ index, report, lines: range(line, line) })),
    events: [],
    from: null,
    to: null,
  } as unknown as IncidentFacts
}

const evidence = (...lines: number[]) => [
  {
    code: 'x',
    headline: { key: '', params: {} },
    detail: null,
    evidence: lines.map((line) => range(line, line)),
    counterEvidence: [],
    confidence: 'high' as const,
  },
]

test('a short report is shown whole, with the kills that follow it', () => {
  const [excerpt] = chooseExcerpts(
    facts(
      [[1, 29]],
      [
        [29, 0],
        [30, null],
        [32, null],
      ],
    ),
    [],
    0,
  )
  expect(excerpt).toEqual({ source: 'u1', parts: [{ from: 1, to: 32, isFolded: false }] })
})

test('a long report is folded around the lines that statements rest on', () => {
  const excerpts = chooseExcerpts(facts([[100, 400]], [[401, 0]]), evidence(250), 0)
  expect(excerpts[0]?.parts).toEqual([
    { from: 100, to: 101, isFolded: false },
    { from: 102, to: 249, isFolded: true },
    { from: 250, to: 250, isFolded: false },
    { from: 251, to: 398, isFolded: true },
    { from: 399, to: 401, isFolded: false },
  ])
  expect(isShown(excerpts, 'u1', 250)).toBe(true)
  expect(isShown(excerpts, 'u1', 251)).toBe(false)
})

test('lines between two kills that no report holds are left out, not folded', () => {
  const [excerpt] = chooseExcerpts(
    facts(
      [],
      [
        [10, null],
        [900, null],
      ],
    ),
    [],
    0,
  )
  expect(excerpt?.parts).toEqual([
    { from: 10, to: 10, isFolded: false },
    { from: 900, to: 900, isFolded: false },
  ])
})

test('sources are kept apart', () => {
  const both = facts([], [[10, null]])
  both.kills.push({ ...both.kills[0], lines: range(10, 10, 'u2') } as (typeof both.kills)[number])
  expect(chooseExcerpts(both, [], null).map((excerpt) => excerpt.source)).toEqual(['u1', 'u2'])
})

test('the lines that tell facts of the selected kill stand open in a long report', () => {
  const told = facts([[100, 400]], [[401, 0]])
  Object.assign(told.kills[0] ?? {}, { by: 'kernel', readAt: { uid: 380 } })
  expect(isShown(chooseExcerpts(told, [], 0), 'u1', 380)).toBe(true)
  expect(isShown(chooseExcerpts(told, [], null), 'u1', 380)).toBe(false)
})
