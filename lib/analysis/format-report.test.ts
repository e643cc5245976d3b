import { expect, test } from 'vitest'
import { analyzeText } from '@/lib/analysis/file-reader'
import { formatReport } from '@/lib/analysis/format-report'

function read(text: string) {
  return analyzeText(text, { name: 'x', host: null, zone: 'UTC', year: 2024, modifiedAt: null, receivedAt: null })
}

test('the copy for a report of a format names neither machine nor people', () => {
  const text = [
    'Mar 14 09:30:01 basalt.example.org memwatchd[77]: low on memory: stopping /home/ada/render for user ada on basalt',
    'Mar 14 09:30:02 basalt.example.org memwatchd[77]: low on memory: stopping /home/ada/render for user ada on basalt',
    'Mar 14 09:31:02 basalt.example.org memwatchd[77]: not enough memory for 10.1.2.3, mail sent to ada@example.org',
  ].join('\n')
  const report = formatReport([read(text)])
  expect(report).toContain('lines carried as rfc3164, 3 not understood')
  expect(report).toContain('2 × low on memory: stopping')
  expect(report).not.toMatch(/basalt|\bada\b|example\.org|10\.1\.2\.3|render/)
})

test('there is nothing to report when everything was understood', () => {
  expect(formatReport([read('Mar 14 09:30:01 shop kernel: eth0: up')])).toBeNull()
})
