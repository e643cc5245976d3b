import { GIB, KIB, MIB } from '@/lib/metrics/formats/numbers'
import type { Bytes } from '@/lib/units'

/** What a tool's bare numbers count, and why that is believed. */
export interface MemoryUnit {
  bytes: Bytes
  label: string
  why: string
  isEvidenced: boolean
}

const LETTERS: Record<string, [Bytes, string]> = {
  b: [1, 'bytes'],
  k: [KIB, 'KiB'],
  m: [MIB, 'MiB'],
  g: [GIB, 'GiB'],
}

/**
 * The unit of `free`. Its text does not say; but the kernel counts pages, so amounts in KiB are all multiples of 4 and
 * amounts in bytes all multiples of 4,096, and no machine has 24 MB. The command in the file's name (`free_-m`) decides
 * before that.
 *
 * @param amounts every amount of the file
 * @param total the amount of RAM
 * @returns null when two units are equally likely
 */
export function unitOfFree(amounts: number[], total: number, name: string): MemoryUnit | null {
  const named = /free[ _]*-+([bkmghwltsvc]{1,4})(?![a-z])/i.exec(baseName(name))?.[1]?.toLowerCase() ?? ''
  const letters = [...named].filter((letter) => letter in LETTERS)
  const byName = letters.length === 1 ? LETTERS[letters[0] ?? ''] : undefined
  if (byName)
    return { bytes: byName[0], label: byName[1], why: `the file is named "free -${named}"`, isEvidenced: true }
  const amountsAboveZero = amounts.filter((amount) => amount > 0)
  const areMultiplesOf = (size: number) =>
    amountsAboveZero.length >= 4 && amountsAboveZero.every((amount) => amount % size === 0)
  if (total >= 2 ** 24 && areMultiplesOf(4096))
    return { bytes: 1, label: 'bytes', why: 'all amounts are multiples of 4,096', isEvidenced: true }
  if (total >= 16_384 && areMultiplesOf(4))
    return { bytes: KIB, label: 'KiB', why: 'all amounts are multiples of 4, as pages are', isEvidenced: true }
  if (total >= 4_000_000)
    return { bytes: KIB, label: 'KiB', why: 'free counts KiB unless told otherwise', isEvidenced: false }
  if (total >= 1500)
    return {
      bytes: MIB,
      label: 'MiB',
      why: 'as KiB the machine would be too small, and amounts are no whole pages',
      isEvidenced: false,
    }
  if (total < 32)
    return { bytes: GIB, label: 'GiB', why: 'as MiB the machine would be too small to run', isEvidenced: false }
  return null
}

/**
 * The unit of `vmstat` (-S), by the same reasoning; `so` and the unscaled `bo` tell 1,000 from 1,024.
 *
 * @param memory the memory cells of the file
 * @param swapOut pairs of swap written (in the unit) and blocks written (always KiB) of the same interval
 */
export function unitOfVmstat(memory: number[], swapOut: { so: number; bo: number }[], name: string): MemoryUnit {
  const file = baseName(name)
  const named = /-S[ _-]?([kKmM])(?![a-z])/.exec(file)?.[1]
  const whole: MemoryUnit = {
    bytes: KIB,
    label: 'KiB',
    why: 'vmstat counts KiB unless told otherwise',
    isEvidenced: true,
  }
  const aboveZero = [...new Set(memory.filter((amount) => amount > 0))]
  const arePages = aboveZero.every((amount) => amount % 4 === 0)
  const isLarge = aboveZero.some((amount) => amount >= 1_000_000)
  if (named === 'M') return { bytes: MIB, label: 'MiB', why: 'the file is named "vmstat -S M"', isEvidenced: true }
  if (named === 'm') return { bytes: 1e6, label: 'MB', why: 'the file is named "vmstat -S m"', isEvidenced: true }
  if (named === 'k' && !arePages)
    return { bytes: 1000, label: 'kB', why: 'the file is named "vmstat -S k"', isEvidenced: true }
  if (aboveZero.length === 0 || arePages) return whole
  if (isLarge)
    return { bytes: 1000, label: 'kB', why: 'amounts are large and no whole pages: vmstat -S k', isEvidenced: false }
  // Swap written cannot be more than all blocks written in the same interval.
  const isAboveMiB = swapOut.some(({ so, bo }) => so * MIB > (bo + 1) * KIB + MIB / 2 && so > 10)
  return isAboveMiB
    ? {
        bytes: 1e6,
        label: 'MB',
        why: 'amounts are no whole pages, and as MiB more swap than blocks would be written',
        isEvidenced: false,
      }
    : { bytes: MIB, label: 'MiB', why: 'amounts are no whole pages: vmstat -S M', isEvidenced: false }
}

function baseName(path: string): string {
  return path.split(/[/:!]/).at(-1) ?? path
}
