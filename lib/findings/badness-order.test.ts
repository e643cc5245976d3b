import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { analyzeText } from '@/lib/analysis/file-reader'
import { type Badness, recomputeBadness } from '@/lib/findings/badness'
import { readReport } from '@/lib/findings/reading'

/** A folder of logs kept outside the project; without it our own fixtures are judged. */
const CORPUS = process.env.OOMSCOPE_CORPUS
const FOLDERS = [
  join(import.meta.dirname, 'fixtures'),
  ...(CORPUS ? ['oom', 'oom-reference-only'].map((folder) => join(CORPUS, folder)).filter(existsSync) : []),
]

/** Reports whose first kill was the kernel's own choice among the tasks it lists. */
function judged(folder: string): { report: string; badness: Badness | null; isListed: boolean }[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.log'))
    .flatMap((name) => {
      const hints = { name, host: null, zone: 'UTC', year: 2026, modifiedAt: null, receivedAt: null }
      const { reports, kills } = analyzeText(readFileSync(join(folder, name), 'utf8'), hints)
      return reports.flatMap((report, index) => {
        const own = kills.filter((kill) => kill.report === index)
        if (!report.tasks || own.length === 0 || own.some((kill) => kill.isAllocatingTask)) return []
        const badness = recomputeBadness(readReport(report, own))
        const isListed = badness !== null && badness.victimRank !== null
        return [{ report: `${name} ${report.lines.from}`, badness, isListed }]
      })
    })
}

/** Until 5.2 a child of the chosen task died in its place (mm/oom_kill.c, oom_kill_process()): the order names the parent. */
const SACRIFICED = new Map([['child-killed-for-parent.log 1', 7800]])

test.each(FOLDERS)('the recomputed order names the victim first wherever the formula is coded: %s', (folder) => {
  const reports = judged(folder)
  const told = reports.filter(({ isListed }) => isListed)
  expect(told.length).toBeGreaterThan(0)
  const others = told.filter(({ badness }) => badness?.isVictimFirst !== true)
  for (const { report, badness } of others)
    expect([report, badness?.candidates[0]?.task.pid]).toEqual([report, SACRIFICED.get(report)])
})
