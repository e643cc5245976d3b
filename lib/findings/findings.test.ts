import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { explainFile } from '@/lib/analysis/explain-file'
import { analyzeText } from '@/lib/analysis/file-reader'
import { FINDING_RULES } from '@/lib/findings/registry'
import type { Explanation } from '@/lib/incidents/incident'
import { sayMessage, sayTitle } from '@/lib/text/say'

/** One log of `fixtures/` and what must be said about it, complete: a finding too many fails as one too few does. */
interface Expected {
  /** Where the log comes from, and the kernel whose shape it has. */
  origin: string
  incidents: {
    title: string
    class: string
    confidence: string
    pattern: string
    hog: string | null
    /** "code: headline detail [lines]" */
    findings: string[]
  }[]
}

const FOLDER = join(import.meta.dirname, 'fixtures')
const fixtures = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.log'))
  .map((name) => {
    const expected = readFileSync(join(FOLDER, name.replace(/\.log$/, '.expected.json')), 'utf8')
    return { name: basename(name, '.log'), expected: JSON.parse(expected) as Expected }
  })

const textOf = (name: string) => readFileSync(join(FOLDER, `${name}.log`), 'utf8')

function explainText(name: string, text: string): Explanation[] {
  const hints = { name, host: null, zone: 'UTC', year: 2026, modifiedAt: null, receivedAt: null }
  return explainFile(analyzeText(text, hints)).map(({ explanation }) => explanation)
}

function inWords({ code, headline, detail, evidence }: Explanation['findings'][number]): string {
  const lines = evidence.map(({ from, to }) => (from === to ? `${from}` : `${from}–${to}`)).join(' ')
  const text = detail ? `${sayMessage(headline)} ${sayMessage(detail)}` : sayMessage(headline)
  return `${code}: ${text} [${lines}]`.replaceAll('\u00a0', ' ')
}

describe('what is said about a log', () => {
  test.each(fixtures)('$name', ({ name, expected }) => {
    const said = explainText(name, textOf(name)).map((explanation) => ({
      title: sayTitle(explanation.title).replaceAll('\u00a0', ' '),
      class: explanation.class,
      confidence: explanation.confidence,
      pattern: explanation.pattern,
      hog: explanation.hog?.comm ?? null,
      findings: explanation.findings.map(inWords),
    }))
    expect(said).toEqual(expected.incidents)
  })
})

/** Rests on samples that no log can hold: shown in group-series.test.ts. */
const NOT_IN_LOGS = ['cgroup-held']

test('every finding is shown by a fixture, and not by every one', () => {
  const shown = fixtures.map(({ expected }) => expected.incidents.flatMap(({ findings }) => findings.map(codeOf)))
  for (const code of FINDING_RULES.flatMap((rule) => rule.codes).filter((code) => !NOT_IN_LOGS.includes(code))) {
    const count = shown.filter((codes) => codes.includes(code)).length
    expect.soft(count, `fixtures that show ${code}`).toBeGreaterThan(0)
    expect.soft(count, `fixtures that show ${code}`).toBeLessThan(fixtures.length)
  }
})

test('a finding rests on lines or on samples', () => {
  for (const { name } of fixtures) {
    for (const finding of explainText(name, textOf(name)).flatMap(({ findings }) => findings)) {
      const isHeld = finding.evidence.length > 0 || finding.sampled !== undefined
      expect.soft(isHeld, `${name}: ${finding.code}`).toBe(true)
    }
  }
})

test('a log cut after any line is explained from the lines that are left, in whole sentences', () => {
  for (const { name } of fixtures) {
    const lines = textOf(name).trimEnd().split('\n')
    // Long dumps are cut in steps; the places where something ends are all among the first hundred lines.
    for (let left = 1; left < lines.length; left += left < 100 ? 1 : 9) {
      for (const { findings, title } of explainText(name, lines.slice(0, left).join('\n'))) {
        const last = Math.max(0, ...findings.flatMap(({ evidence }) => evidence.map(({ to }) => to)))
        expect.soft(last, `${name} cut after ${left}`).toBeLessThanOrEqual(left)
        const said = [sayTitle(title), ...findings.map(inWords)].join('\n')
        expect.soft(said, `${name} cut after ${left}`).not.toMatch(/undefined|NaN|Infinity|\{|: unknown | unknown kB/)
      }
    }
  }
}, 30_000)

function codeOf(sentence: string): string {
  return sentence.slice(0, sentence.indexOf(':'))
}
