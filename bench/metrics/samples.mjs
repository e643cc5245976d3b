/** Fields that the chart-data trial asks for, here and of Prometheus. */
export const FIELDS = ['memTotal', 'memAvailable', 'memFree', 'cached', 'anonPages', 'swapTotal', 'swapFree']

const GIB = 1024 ** 3
const PAGE = 4096

/** What a busy machine of 16 GiB shows at the nth step: levels that wander by pages, as the kernel counts them. */
export function sampleAt(at, step) {
  const wander = (seed, span) => Math.round((Math.sin(step / seed) + 1) * span + ((step * 7919 * seed) % 997)) * PAGE
  const anon = 2 * GIB + wander(311, 500_000)
  const cached = 3 * GIB + wander(97, 300_000)
  return {
    at,
    memTotal: 16 * GIB,
    memFree: 1 * GIB + wander(53, 100_000),
    memAvailable: 5 * GIB + wander(71, 200_000),
    buffers: wander(401, 9_000),
    cached,
    shmem: wander(211, 5_000),
    anonPages: anon,
    sReclaimable: wander(131, 20_000),
    sUnreclaim: wander(149, 10_000),
    pageTables: wander(83, 4_000),
    kernelStack: wander(61, 2_000),
    committedAs: anon * 2,
    commitLimit: 12 * GIB,
    dirty: wander(17, 3_000),
    writeback: 0,
    swapTotal: 4 * GIB,
    swapFree: 3 * GIB + wander(509, 40_000),
    swapCached: wander(37, 500),
    swapInPerSec: (step % 50) * PAGE,
    swapOutPerSec: (step % 30) * PAGE,
    majorFaultsPerSec: step % 7,
    allocStallPerSec: 0,
    oomKills: 0,
    load1: (step % 400) / 100,
    load5: (step % 300) / 100,
    load15: (step % 200) / 100,
    psiMemSomeAvg10: (step % 1000) / 100,
    psiMemFullAvg10: (step % 500) / 100,
  }
}

/** Median and other percentiles of durations in milliseconds, rounded to a tenth. */
export function percentiles(durations) {
  const sorted = [...durations].sort((a, b) => a - b)
  const at = (share) =>
    Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 10) / 10
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), worst: at(1) }
}
