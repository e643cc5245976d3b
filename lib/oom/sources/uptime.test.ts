import { expect, test } from 'vitest'
import { createFacts } from '@/lib/oom/facts'
import type { Entry } from '@/lib/oom/source'
import { uptime } from '@/lib/oom/sources/uptime'

function read(message: string) {
  const facts = createFacts('paste')
  const entry: Entry = {
    from: 1,
    to: 1,
    host: null,
    program: null,
    pid: null,
    stream: '',
    bootKey: '',
    moment: { wallMs: null, uptimeMs: null },
    stamp: () => ({ text: 'Nov 2 17:06:25', at: 1, uptimeSeconds: null }),
    message,
    format: 'bare',
  }
  uptime.open(facts).read(entry)
  return facts.events[0]?.event
}

test('a pasted uptime tells how long the machine was up, and takes no date from the log above it', () => {
  expect(read('12:33:17 up 1 day, 11:26,  2 users,  load average: 5.04, 90.02, 8.00')).toMatchObject({
    kind: 'snapshot',
    stamp: { text: '12:33:17', at: null, uptimeSeconds: null },
    detail: { upSeconds: 127_560, load1: 5.04, load5: 90.02, load15: 8 },
  })
})

test('minutes alone', () => {
  expect(read('top - 08:00:01 up 12 min,  1 user,  load average: 0.10, 0.20, 0.30')?.detail.upSeconds).toBe(720)
})
