'use client'

import type { KeyboardEvent } from 'react'
import type { ChartModel } from '@/lib/charts/chart-model'
import type { TimeRange } from '@/lib/charts/time-scale'
import type { EpochMs } from '@/lib/units'

interface ChartKeys {
  model: ChartModel
  cursor: EpochMs | null
  setCursor: (at: EpochMs | null) => void
  zoomTo: (range: TimeRange | null) => void
}

/** ← → move the cursor by a sample (with Shift by ten), [ ] to the kill before or after, + − zoom, 0 and Esc go back. */
export function useChartKeys({ model, cursor, setCursor, zoomTo }: ChartKeys): (event: KeyboardEvent) => void {
  const { range } = model
  const span = range.to - range.from
  const at = cursor ?? model.readAt
  const step = model.stepMs ?? span / 200
  const kills = model.lanes.find((lane) => lane.kind === 'kills')?.marks ?? []
  const inRange = (instant: number) => Math.min(Math.max(instant, range.from), range.to)
  const around = (factor: number): TimeRange => ({
    from: Math.round(at - (at - range.from) * factor),
    to: Math.round(at + (range.to - at) * factor),
  })
  return (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const far = event.shiftKey ? 10 : 1
    const actions: Record<string, () => void> = {
      arrowleft: () => setCursor(inRange(at - step * far)),
      arrowright: () => setCursor(inRange(at + step * far)),
      '[': () => setCursor(kills.findLast((kill) => kill.at < at)?.at ?? at),
      ']': () => setCursor(kills.find((kill) => kill.at > at)?.at ?? at),
      '+': () => zoomTo(around(0.5)),
      '=': () => zoomTo(around(0.5)),
      '-': () => zoomTo(around(2)),
      '0': () => zoomTo(null),
      escape: () => setCursor(null),
    }
    const action = actions[event.key.toLowerCase()]
    if (!action) return
    event.preventDefault()
    action()
  }
}
