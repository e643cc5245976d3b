import type { EpochMs } from '@/lib/units'

const WIDTH = 40
const HEIGHT = 640
const SLOTS = 80

/** Where in time an incident's rows lie: a bar for how many, a red rule for each kill. Nothing is drawn for one instant. */
export function DensityStrip({ times, kills }: { times: readonly EpochMs[]; kills: readonly EpochMs[] }) {
  const first = Math.min(...times)
  const last = Math.max(...times)
  if (!(last > first)) return null
  const slotOf = (at: EpochMs) => Math.min(SLOTS - 1, Math.floor(((at - first) / (last - first)) * SLOTS))
  const counts = new Map<number, number>()
  for (const at of times) counts.set(slotOf(at), (counts.get(slotOf(at)) ?? 0) + 1)
  const most = Math.max(...counts.values())
  const y = (slot: number) => ((slot + 0.5) * HEIGHT) / SLOTS
  return (
    <div className="density">
      <svg className="plot" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        {[...counts].map(([slot, count]) => (
          <path key={slot} className="dimn" d={`M8 ${y(slot)}h${Math.max(4, (24 * count) / most)}`} />
        ))}
        {[...new Set(kills.map(slotOf))].map((slot) => (
          <path key={slot} className="rule sel" d={`M8 ${y(slot)}h24`} />
        ))}
        <rect className="dimn" x="1" y="0" width={WIDTH - 2} height={HEIGHT} />
      </svg>
    </div>
  )
}
