import { expect, test } from 'vitest'
import { analyzeText } from '@/lib/analysis/file-reader'
import type { SourceHints } from '@/lib/source'

const PS = `USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND
root           1  0.0  0.1 168140  13312 ?       Ss   Nov20   0:09 /sbin/init
app          812  9.0 40.0 900000 409600 ?       Sl   02:41   0:07 /usr/bin/java -jar a.jar
app          813  9.0 40.0 900000 204800 ?       Sl   02:41   0:07 /usr/bin/java -jar b.jar
`

function hints(modifiedAt: number | null): SourceHints {
  return { name: 'ps.txt', host: 'web-07', zone: null, year: null, modifiedAt, receivedAt: null }
}

test('a process list is evidence on the timeline: its largest process as printed, and totals by program', () => {
  expect(analyzeText(PS, hints(1795488106000)).events).toEqual([
    {
      kind: 'snapshot',
      stamp: { text: null, at: 1795488106000, uptimeSeconds: null },
      host: 'web-07',
      lines: { source: 'ps.txt', from: 2, to: 4 },
      message: 'app          812  9.0 40.0 900000 409600 ?       Sl   02:41   0:07 /usr/bin/java -jar a.jar',
      severity: 'info',
      detail: { processes: 3, programs: 'java (2): 614,400\u00a0kB · init (1): 13,312\u00a0kB' },
    },
  ])
})

test('without a time it has no place on the timeline', () => {
  expect(analyzeText(PS, hints(null)).events).toEqual([])
})
