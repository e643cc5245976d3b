import { expect, test } from 'vitest'
import { formatBytes, formatDuration, formatKib, formatShare, pagesToBytes, pagesToKib } from '@/lib/units'

const plain = (text: string) => text.replaceAll('\u00a0', ' ')

test('pages have the size of their machine', () => {
  expect(pagesToKib(3186, 4096)).toBe(12744)
  expect(pagesToBytes(2, 65536)).toBe(131072)
})

test('bytes keep three digits in a person’s unit', () => {
  expect(plain(formatBytes(0))).toBe('0 B')
  expect(plain(formatBytes(56_447_225_856))).toBe('52.6 GiB')
  expect(plain(formatBytes(268_435_456))).toBe('256 MiB')
  expect(plain(formatBytes(-1536))).toBe('−1.5 KiB')
})

test('kibibytes of a report keep the kernel’s unit and digits', () => {
  expect(plain(formatKib(12744))).toBe('12,744 kB')
})

test('a share is rounded, but part is never all and something never nothing', () => {
  expect(plain(formatShare(0.9645))).toBe('96.5 %')
  expect(plain(formatShare(1))).toBe('100 %')
  expect(plain(formatShare(0.99996))).toBe('99.99 %')
  expect(plain(formatShare(0.0001))).toBe('< 0.1 %')
  expect(plain(formatShare(0))).toBe('0 %')
})

test('a duration is told in its two largest units', () => {
  expect(plain(formatDuration(136_000))).toBe('136 s')
  expect(plain(formatDuration(2_689_000))).toBe('44 min 49 s')
  expect(plain(formatDuration(7_833_000))).toBe('2 h 10 min')
  expect(plain(formatDuration(273_600_000))).toBe('3 days 4 h')
  expect(plain(formatDuration(3))).toBe('3 ms')
})
