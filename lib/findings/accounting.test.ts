import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { analyzeText } from '@/lib/analysis/file-reader'
import { accountForMemory } from '@/lib/findings/accounting'
import { aReport } from '@/lib/incidents/facts-for-tests'

function accountOf(name: string) {
  const text = readFileSync(join(import.meta.dirname, 'fixtures', `${name}.log`), 'utf8')
  const hints = { name, host: null, zone: 'UTC', year: 2026, modifiedAt: null, receivedAt: null }
  const [report] = analyzeText(text, hints).reports
  return report ? accountForMemory(report) : null
}

test('the parts of the mail server’s report add up to its 256 MiB', () => {
  const account = accountOf('seed-mail-2007')
  expect(account).toMatchObject({ totalKib: 262_144, totalFrom: 'ram-pages', isPageSizeAssumed: false })
  expect(account?.parts.map(({ part, kib }) => [part, kib])).toEqual([
    ['free', 12_744],
    ['processes-and-files', 208_116],
    ['slab', 11_884],
    ['page-tables', 11_108],
    ['reserved', 7_708],
    ['unaccounted', 10_584],
  ])
  expect(account?.parts.reduce((total, { kib }) => total + kib, 0)).toBe(262_144)
})

test('shared memory is told apart from processes where the kernel prints it', () => {
  const parts = accountOf('tmpfs-fills-machine')?.parts ?? []
  expect(parts.find(({ part }) => part === 'shared')?.kib).toBe(2_800_000)
  expect(parts.find(({ part }) => part === 'processes')?.kib).toBe(240_000)
})

test('memory that no figure explains is a part of its own', () => {
  const parts = accountOf('memory-outside-all-counters')?.parts ?? []
  expect(parts.at(-1)).toMatchObject({ part: 'unaccounted', kib: 3_079_900 })
})

test('what a cut report does not print is not called unaccounted', () => {
  expect(accountOf('obsolete-advice')?.parts.map(({ part }) => part)).toEqual(['not-printed'])
})

test('without RAM in the report there is nothing to account for', () => {
  expect(accountForMemory(aReport())).toBeNull()
})
