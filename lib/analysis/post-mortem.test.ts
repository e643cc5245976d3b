import { expect, test } from 'vitest'
import { postMortem } from '@/lib/analysis/post-mortem'
import type { ShareSnapshot } from '@/lib/analysis/share'
import { aKill, minutes } from '@/lib/incidents/facts-for-tests'
import { message } from '@/lib/text/catalogue'

const SNAPSHOT: ShareSnapshot = {
  frozenAt: minutes(60),
  range: null,
  samples: [],
  notes: [],
  incident: {
    id: 'i1',
    hostId: 'h1',
    hostname: 'db[1]',
    kernel: null,
    isTimeUncertain: false,
    isSample: false,
    end: 'last-kill',
    from: minutes(0),
    to: null,
    assumptions: [],
    class: 'exhaustion',
    confidence: 'high',
    pattern: 'unknown',
    hog: null,
    fingerprint: '',
    title: {
      lead: message('title.killed', { victim: '<img src=x>', cgroup: null, host: 'db[1]' }),
      rest: [message('rest.swap-used-up', {})],
    },
    findings: [],
    events: [],
    reports: [],
    kills: [aKill({ comm: '<img src=x>', at: minutes(0) })],
  },
  lines: { upload1: [{ line: 7, text: 'Killed process 100 (```\u202e) total-vm:1kB' }] },
  redaction: { host: 2, path: 1 },
}

test('a post-mortem tells title, times and raw lines, and that a time is unknown', () => {
  const text = postMortem(SNAPSHOT)
  expect(text).toContain('on db\\[1\\]: swap used up\n')
  expect(text).toContain('- From: 2026-03-02 12:00:00 UTC\n- To: time unknown')
  expect(text).toContain('2 host names and 1 path hidden.')
})

test('text of a log cannot become markup, leave its fence, or turn the reading direction', () => {
  const text = postMortem(SNAPSHOT)
  expect(text).not.toMatch(/[^\\]</)
  expect(text).toContain('# \\<img src=x\\> killed')
  expect(text).toContain('````text\n7: Killed process 100 (```\\u202e) total-vm:1kB\n````')
})
