import { expect, test } from 'vitest'
import { lineOfFact, linesOfFacts } from '@/lib/incidents/fact-lines'
import { aKill, aReport } from '@/lib/incidents/facts-for-tests'
import { reportOfKill } from '@/lib/incidents/identity'

const report = aReport({ lines: { source: 'messages.1', from: 40, to: 70 } })
const kill = aKill({
  lines: { source: 'messages', from: 3, to: 3 },
  readAt: { invokerComm: 40, order: 40, uid: 66 },
  report: 0,
})

test('a fact of the report is cited where its file tells it, though the kill stands in the next one', () => {
  expect(lineOfFact(kill, report, 'invokerComm')).toEqual({ source: 'messages.1', from: 40, to: 40 })
})

test('a fact that the report does not tell stands on the line of the kill', () => {
  expect(lineOfFact(kill, report, 'oomScoreAdj')).toEqual({ source: 'messages', from: 3, to: 3 })
})

test('a killer that is not the kernel says all on its own lines', () => {
  const own = aKill({ by: 'earlyoom', line: 9 })
  expect(lineOfFact(own, null, 'uid')).toEqual({ source: 'test.log', from: 9, to: 9 })
})

test('where the kernel’s facts were read is not guessed when it was not stored', () => {
  expect(lineOfFact(aKill(), report, 'order')).toBeNull()
  expect(linesOfFacts(aKill(), report)).toEqual([])
})

test('lines that several facts share come once, ascending', () => {
  expect(linesOfFacts(kill, report).map(({ from }) => from)).toEqual([40, 66])
})

test('without its report in the page’s facts no line is named, for its file is not known', () => {
  expect(lineOfFact(kill, null, 'order')).toBeNull()
})

test('a kill finds the report that begins in the file before its own', () => {
  const other = aReport({ lines: { source: 'other.log', from: 1, to: 9 } })
  const split = { ...report, continues: { source: 'messages', from: 1, to: 3 } }
  expect(reportOfKill(kill, [other, split])).toBe(split)
})
