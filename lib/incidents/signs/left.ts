import type { Sample } from '@/lib/metrics/sample'
import type { Bytes } from '@/lib/units'

/**
 * What programs could still get without swapping: MemAvailable, or for kernels before 3.14 an upper bound,
 * MemFree + Buffers + Cached − Shmem. Null when the sample tells neither.
 *
 * @see Linux Documentation/filesystems/proc.rst, meminfo
 */
export function availableOf(sample: Sample): Bytes | null {
  const { memAvailable, memFree, buffers, cached, shmem } = sample
  if (memAvailable != null) return memAvailable
  if (memFree == null || cached == null) return null
  return Math.max(memFree, memFree + (buffers ?? 0) + cached - (shmem ?? 0))
}

/** Available memory and free swap together; null when either is not known. */
export function leftOf(sample: Sample): Bytes | null {
  const available = availableOf(sample)
  if (available === null) return null
  if (sample.swapFree != null) return available + sample.swapFree
  return sample.swapTotal === 0 ? available : null
}

/** RAM and swap together; null when the RAM or the swap is not known. */
export function allOf(sample: Sample): Bytes | null {
  const { memTotal, swapTotal } = sample
  return memTotal && swapTotal != null ? memTotal + swapTotal : null
}

/** What is left of RAM and swap, as a share of 1; null when the sample does not tell. */
export function leftShareOf(sample: Sample): number | null {
  const left = leftOf(sample)
  const all = allOf(sample)
  return left === null || all === null ? null : left / all
}
