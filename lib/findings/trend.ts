import type { Pattern } from '@/lib/incidents/incident'
import { leftShareOf } from '@/lib/incidents/signs/left'
import type { Series } from '@/lib/metrics/sample'
import type { EpochMs } from '@/lib/units'

/** What was left of RAM and swap at an instant, as a share of 1. */
interface Share {
  at: EpochMs
  share: number
}

const MINUTE = 60_000
const LOOK_BACK_MS = 24 * 60 * MINUTE
const LEAK_MINUTES = 30
const LEAK_POINTS = 20
/** Samples that end earlier before the kill say nothing about it; what is lost within this time is lost suddenly. */
const SUDDEN_MS = 5 * MINUTE
/** A loss counts as large from this share of RAM and swap … */
const LARGE_LOSS = 0.3
/** … or when this little is left and most of what was left before is gone. */
const LITTLE_LEFT = 0.1
const STEADY_LOSS = 0.05
/** With more left a moment before, everything else went between two samples. */
const PLENTY_LEFT = 0.3

/**
 * Leak, spike or steady, from what was left of RAM and swap before it.
 *
 * @param isUsedUp the kernel's own figures (or the kill) show that memory was used up at `until`
 */
export function trendBefore(samples: Series, until: EpochMs, isUsedUp: boolean): Pattern {
  const before = sharesOf(samples, until)
  const first = before[0]
  const last = before.at(-1)
  if (!first || !last || until - last.at > SUDDEN_MS) return 'unknown'
  if (last.share > PLENTY_LEFT) return isUsedUp ? 'spike' : 'unknown'
  const recent = before.filter((point) => last.at - point.at <= SUDDEN_MS)
  const most = Math.max(...before.map((point) => point.share))
  const lossNow = (recent[0]?.share ?? last.share) - last.share
  const lossAll = most - last.share
  if (before.length >= LEAK_POINTS && last.at - first.at >= LEAK_MINUTES * MINUTE) {
    if (isLarge(lossAll, last.share) && lossNow < lossAll / 2 && isFalling(fallOf(before))) return 'leak'
    if (lossAll < STEADY_LOSS) return 'steady'
  }
  return recent.length >= 2 && isLarge(lossNow, last.share) && lossNow >= lossAll / 2 ? 'spike' : 'unknown'
}

/** True when samples show memory back, and gone again, between each two of these instants. */
export function isGoneEachTime(samples: Series, instants: readonly EpochMs[]): boolean {
  if (instants.length < 2) return false
  return instants.slice(1).every((later, index) => {
    const shares = sharesOf(samples, later).filter(({ at }) => at > (instants[index] ?? later))
    const last = shares.at(-1)
    if (!last || shares.length < 3 || later - last.at > SUDDEN_MS) return false
    return Math.max(...shares.map(({ share }) => share)) - last.share >= LARGE_LOSS / 2
  })
}

function sharesOf(samples: Series, until: EpochMs): Share[] {
  return samples
    .filter(({ at }) => at <= until && until - at <= LOOK_BACK_MS)
    .flatMap((sample) => {
      const share = leftShareOf(sample)
      return share === null ? [] : [{ at: sample.at, share }]
    })
}

function isLarge(loss: number, left: number): boolean {
  return loss >= LARGE_LOSS || (left < LITTLE_LEFT && loss >= 2 * left && loss >= LITTLE_LEFT)
}

/** From the last time that nearly the most was left: hours of calm before a leak are no part of it. */
function fallOf(points: readonly Share[]): readonly Share[] {
  const most = Math.max(...points.map(({ share }) => share))
  const least = points.at(-1)?.share ?? 0
  const start = points.findLastIndex(({ share }) => share >= most - (most - least) * 0.1)
  const fall = points.slice(Math.max(0, start))
  const minutes = ((fall.at(-1)?.at ?? 0) - (fall[0]?.at ?? 0)) / MINUTE
  return fall.length >= LEAK_POINTS && minutes >= LEAK_MINUTES ? fall : points
}

/** True when the median of each sixth of the time lies below that of the sixth before, but for one. */
function isFalling(points: readonly Share[]): boolean {
  const from = points[0]?.at ?? 0
  const step = ((points.at(-1)?.at ?? 0) - from) / 6
  const medians = [0, 1, 2, 3, 4, 5].map((index) => {
    const inside = points.filter(({ at }) => at >= from + index * step && at <= from + (index + 1) * step)
    const shares = inside.map(({ share }) => share).sort((a, b) => a - b)
    return shares[Math.floor(shares.length / 2)] ?? null
  })
  const known = medians.filter((median) => median !== null)
  const rises = known.slice(1).filter((median, index) => median >= (known[index] ?? 0)).length
  return known.length >= 5 && rises <= 1
}
