import { expect, test } from 'vitest'
import { analyzeText } from '@/lib/analysis/file-reader'
import { questionsOf, toPreview } from '@/lib/analysis/preview'

const HINTS = { name: 'x', host: null, zone: null, year: null, modifiedAt: null, receivedAt: Date.UTC(2026, 10, 24) }
const KILL = 'Out of memory: Killed process 812 (gitaly) total-vm:9000kB, anon-rss:512kB, file-rss:0kB, shmem-rss:0kB'

test('a syslog leaves year and zone open, but not the host', () => {
  const preview = toPreview(analyzeText(`Nov  2 14:11:02 mx kernel: ${KILL}\n`, HINTS))
  expect(preview).toMatchObject({ kills: 1, host: 'mx', victims: [{ comm: 'gitaly', kills: 1 }] })
  const questions = questionsOf([preview])
  expect(questions.zone?.value).toBe('UTC')
  expect(questions.year).not.toBeNull()
  expect(questions.host).toBe(false)
})

test('a file that tells nothing about memory asks nothing', () => {
  const preview = toPreview(analyzeText('Nov  2 14:11:02 mx cron: started\n', HINTS))
  expect(questionsOf([preview])).toEqual({ year: null, zone: null, host: false })
})
