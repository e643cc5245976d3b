import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { FileAnalysis } from '@/lib/analysis/analysis'
import { createFileReader } from '@/lib/analysis/file-reader'

/** A folder of logs with the facts a reader of each found in it, kept outside the project. */
const CORPUS = process.env.OOMSCOPE_CORPUS
const FOLDERS = ['oom', 'oom-reference-only']

interface ExpectedKill {
  pid: number | null
  comm: string | null
  constraint: string
  cgroup: string | null
  trigger_comm: string | null
  trigger_pid: number | null
  total_vm_kb: number | null
  anon_rss_kb: number | null
  file_rss_kb: number | null
  shmem_rss_kb: number | null
  oom_score_adj: number | null
  gfp_mask: string | null
  order: number | null
  at: string | null
}

interface Expected {
  kills: ExpectedKill[]
  mem: Record<string, number | null>
  tasks_rows: number | null
}

const CONSTRAINTS: Record<string, string> = { global: 'none', mempolicy: 'memory-policy' }

function read(path: string): FileAnalysis {
  const reader = createFileReader({
    name: path,
    host: null,
    zone: null,
    year: null,
    modifiedAt: null,
    receivedAt: null,
  })
  reader.push(readFileSync(path))
  return reader.end()
}

function plainTime(text: string | null): string | null {
  return text === null ? null : text.replace(/[[\]\s]+/g, ' ').trim()
}

function foundFacts(analysis: FileAnalysis): unknown {
  const memory = analysis.reports.find((report) => report.memory)?.memory
  const tasks = analysis.reports.reduce((sum, report) => sum + (report.tasks?.length ?? 0), 0)
  return {
    kills: analysis.kills.map((kill) => [
      kill.pid,
      kill.comm,
      kill.constraint,
      kill.cgroup,
      kill.invoker.comm,
      kill.invoker.pid,
      kill.totalVmKib,
      kill.anonRssKib,
      kill.fileRssKib,
      kill.shmemRssKib,
      kill.oomScoreAdj,
      kill.gfpMask,
      kill.order,
      plainTime(kill.stamp.text),
    ]),
    memory: [memory?.swapFreeKib, memory?.swapTotalKib, memory?.ramPages, memory?.freePages].map(
      (value) => value ?? null,
    ),
    tasks: tasks === 0 ? null : tasks,
  }
}

function expectedFacts(expected: Expected): unknown {
  return {
    kills: expected.kills.map((kill) => [
      kill.pid,
      kill.comm,
      CONSTRAINTS[kill.constraint] ?? kill.constraint,
      kill.cgroup,
      kill.trigger_comm,
      kill.trigger_pid,
      kill.total_vm_kb,
      kill.anon_rss_kb,
      kill.file_rss_kb,
      kill.shmem_rss_kb,
      kill.oom_score_adj,
      kill.gfp_mask,
      kill.order,
      plainTime(kill.at),
    ]),
    memory: ['swap_free_kb', 'swap_total_kb', 'ram_pages', 'free_pages'].map((name) => expected.mem[name] ?? null),
    tasks: expected.tasks_rows,
  }
}

describe.skipIf(!CORPUS)('the corpus named by OOMSCOPE_CORPUS (skipped when it is unset)', () => {
  const folders = FOLDERS.map((folder) => join(CORPUS ?? '', folder)).filter((folder) => CORPUS && existsSync(folder))
  const logs = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => file.endsWith('.log'))
      .map((file) => [file, join(folder, file)] as const),
  )

  test('is not empty', () => {
    expect(logs.length).toBeGreaterThan(0)
  })

  test.each(logs)('%s: every kill with its fields, and no other', (_, path) => {
    const expected: Expected = JSON.parse(readFileSync(path.replace(/log$/, 'expected.json'), 'utf8'))
    expect(foundFacts(read(path))).toEqual(expectedFacts(expected))
  })
})
