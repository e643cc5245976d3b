import { difference, type Figure, shareOf, sum } from '@/lib/findings/figure'
import type { ReportReading } from '@/lib/findings/reading'

export type KernelPart =
  | 'slab-unreclaimable'
  | 'slab-reclaimable'
  | 'slab'
  | 'kernel-stacks'
  | 'page-tables'
  | 'unaccounted'

export interface Part<Name extends string> {
  name: Name
  figure: Figure
  /** Of usable RAM, 0 to 1. */
  share: number
}

/** Who held the RAM at the time of a report, in shares of the usable RAM. Null members: not in the report. */
export interface Balance {
  usable: Figure
  /** Memory no program can be killed for, largest first. */
  kernelParts: Part<KernelPart>[]
  kernelShare: number
  /** Anonymous memory without shared memory; on old kernels all process and file pages. */
  ownShare: number | null
  own: Figure | null
  /** Swapped out, as a share of the usable RAM; 0 without swap. */
  swappedShare: number
  shmem: Part<'shmem'> | null
  hugePages: Part<'hugepages'> | null
}

/** Slab that can be reclaimed is given back in time; from this share of RAM on it evidently was not. */
const STUCK = 0.3

/** @returns null when the report does not say how much RAM there is */
export function readBalance(reading: ReportReading): Balance | null {
  const usable = reading.usable
  if (!usable || usable.kib === 0) return null
  const part = <Name extends string>(name: Name, figure: Figure | null): Part<Name> | null => {
    const share = shareOf(figure, usable)
    return figure && share !== null ? { name, figure, share } : null
  }
  const unreclaimed = part('slab-reclaimable', reading.slabReclaimable)
  const kernelParts = [
    reading.slabUnreclaimable
      ? part('slab-unreclaimable', reading.slabUnreclaimable)
      : part('slab', reading.slab && !reading.slabReclaimable ? reading.slab : null),
    unreclaimed && unreclaimed.share >= STUCK ? unreclaimed : null,
    part('kernel-stacks', reading.kernelStack),
    part('page-tables', reading.pageTables),
    part('unaccounted', reading.unaccounted),
  ]
    .filter((known) => known !== null)
    .sort((a, b) => b.share - a.share)
  const own = reading.anon ? (difference(reading.anon, reading.shmem) ?? reading.anon) : reading.lru
  return {
    usable,
    kernelParts,
    kernelShare: kernelParts.reduce((total, { share }) => total + share, 0),
    ownShare: shareOf(own, usable),
    own,
    swappedShare: shareOf(difference(reading.swapTotal, reading.swapFree), usable) ?? 0,
    shmem: part('shmem', reading.shmem),
    hugePages: part('hugepages', reading.hugePages),
  }
}

/** The kernel's own memory as one figure. */
export function kernelFigure(balance: Balance): Figure | null {
  return sum(...balance.kernelParts.map((part) => part.figure))
}
