import { formatAgo, formatClock, formatDay, formatDayTime, formatMinute } from '@/lib/charts/clock'
import type { EpochMs } from '@/lib/units'

const FORMATS = { clock: formatClock, minute: formatMinute, day: formatDay, 'day-time': formatDayTime } as const

/** An instant in a named zone; the exact time stands in the markup and on hover. */
export function Moment({ at, zone, as }: { at: EpochMs; zone: string; as: keyof typeof FORMATS }) {
  const iso = new Date(at).toISOString()
  return (
    <time dateTime={iso} title={iso}>
      {FORMATS[as](at, zone)}
    </time>
  )
}

/** How long ago, told at the time the page was made. */
export function Ago({ at, now }: { at: EpochMs; now: EpochMs }) {
  const iso = new Date(at).toISOString()
  return (
    <time dateTime={iso} title={iso}>
      {formatAgo(at, now)}
    </time>
  )
}
