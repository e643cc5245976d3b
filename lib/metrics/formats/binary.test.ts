import { expect, test } from 'vitest'
import { recogniseBinary } from '@/lib/metrics/formats/binary'
import type { SourceHints } from '@/lib/source'

const HINTS: SourceHints = {
  name: 'var/log/sa/sa24',
  host: 'web-07',
  zone: null,
  year: null,
  modifiedAt: null,
  receivedAt: null,
}

function read(...bytes: number[]) {
  return recogniseBinary(Uint8Array.from([...bytes, ...Array<number>(16).fill(0)]), HINTS)
}

test.each([
  ['sysstat-sa', 'sadf -j sa24 -- -A', [0x96, 0xd5, 0x75, 0x21]],
  ['sysstat-sa', 'sadf -j sa24 -- -A', [0xd5, 0x96, 0x21, 0x71]],
  ['atop-raw', 'atop -r sa24 -P', [0xef, 0xbe, 0xed, 0xfe]],
  ['pcp-archive', 'pmrep -a sa24', [0, 0, 0, 0x84, 0x50, 0x05, 0x26, 0x02]],
  ['journal', 'journalctl --file sa24', [0x4c, 0x50, 0x4b, 0x53, 0x48, 0x48, 0x52, 0x48]],
])('%s is recognised, and the command that turns it into text is named', (format, command, bytes) => {
  const reading = read(...bytes)
  expect(reading).toMatchObject({ format, kind: 'unsupported-binary', host: 'web-07', samples: [] })
  expect(reading?.warnings[0]?.detail).toContain(command)
})

test('text and short files are no binary', () => {
  expect(recogniseBinary(new TextEncoder().encode('Linux 6.1.0 (web-07)'), HINTS)).toBeNull()
  expect(recogniseBinary(new Uint8Array(), HINTS)).toBeNull()
})
