import { expect, test } from 'vitest'
import { parseBanner, sysstatFields } from '@/lib/metrics/formats/sysstat'

const KIB = 1024

function fields(cells: Record<string, number | null>) {
  return sysstatFields(new Map(Object.entries(cells)), 4096)
}

test('where %memused is used of used + free, that is the total', () => {
  const row = { kbmemfree: 409600, kbmemused: 7782400, '%memused': 95, kbbuffers: 4096, kbcached: 1228800 }
  expect(fields(row)).toMatchObject({ memTotal: 8192000 * KIB })
  expect(fields(row)).not.toHaveProperty('memUsed')
})

test('where it is not, buffers, cache and slab belong to the total, and only a printed slab gives it', () => {
  const row = { kbmemfree: 22934148, kbmemused: 576196, '%memused': 2.33, kbbuffers: 10188, kbcached: 975212 }
  expect(fields(row)).toMatchObject({ memUsed: 576196 * KIB })
  expect(fields(row)).not.toHaveProperty('memTotal')
  expect(fields({ ...row, kbslab: 188348 })).toMatchObject({ memTotal: 24684092 * KIB })
})

test('with caches too small to move the percentage the two meanings cannot be told apart', () => {
  const row = { kbmemfree: 4096, kbmemused: 8187904, '%memused': 99.95, kbbuffers: 0, kbcached: 400 }
  expect(fields(row)).not.toHaveProperty('memTotal')
})

test('swapped pages are counted in pages, the total of swap is free and used', () => {
  expect(fields({ 'pswpin/s': 2, 'pswpout/s': 0.5, kbswpfree: 100, kbswpused: 50 })).toEqual({
    swapInPerSec: 8192,
    swapOutPerSec: 2048,
    swapFree: 100 * KIB,
    swapTotal: 150 * KIB,
  })
})

test('a cell that is no number is named', () => {
  expect(fields({ kbmemfree: 1, kbavail: null })).toEqual({ broken: 'kbavail' })
})

test('a host name may hold parentheses, and old banners have no architecture', () => {
  expect(parseBanner('Linux 2.6.18-398.el5 (mail-2) \t03/14/2009')).toEqual({
    kernel: '2.6.18-398.el5',
    host: 'mail-2',
    dateText: '03/14/2009',
    machine: null,
  })
  expect(parseBanner('Linux 6.1.0 (a(b)) \t2026-02-03 \t_aarch64_\t(4 CPU)')).toMatchObject({
    host: 'a(b)',
    machine: 'aarch64',
  })
  expect(parseBanner('Linux version 6.1.0 (gcc (Debian) 12) #1 SMP')).toBeNull()
})
