import { PartsBar } from '@/components/charts/parts-bar'
import { Swatch } from '@/components/charts/patterns'
import { layerColumns, memoryLayers } from '@/lib/charts/memory-layers'
import type { Sample } from '@/lib/metrics/sample'
import { type Bytes, formatBytes, formatShare } from '@/lib/units'

interface Shown {
  key: string
  label: string
  formula: string
  bytes: Bytes
}

/** What memory is made of in one sample: a bar, and the same as a list with what is left, swap and pressure. */
export function HostNow({ sample }: { sample: Sample }) {
  const layers = shownLayers(sample)
  const total = sample.memTotal ?? layers.reduce((sum, { bytes }) => sum + bytes, 0)
  return (
    <>
      {layers.length > 0 && (
        <PartsBar
          parts={layers.map(({ key, label, bytes }) => ({ key, label, amount: bytes }))}
          total={Math.max(
            total,
            layers.reduce((sum, { bytes }) => sum + bytes, 0),
          )}
          summary={`RAM ${formatBytes(total)}: ${layers.map(({ label, bytes }) => `${label} ${formatBytes(bytes)}`).join(', ')}`}
        />
      )}
      <ul className="parts">
        {layers.map(({ key, label, formula, bytes }) => (
          <li key={key}>
            <Swatch of={key} />
            <span title={formula}>{label}</span>
            <b>{formatBytes(bytes)}</b>
            <span className="faint">{total > 0 && formatShare(bytes / total)}</span>
          </li>
        ))}
        {typeof sample.memAvailable === 'number' && (
          <li>
            <Swatch of="available" />
            <span>MemAvailable</span>
            <b>{formatBytes(sample.memAvailable)}</b>
            <span className="faint">{total > 0 && formatShare(sample.memAvailable / total)}</span>
          </li>
        )}
        <SwapUsed sample={sample} />
        {typeof sample.psiMemSomeAvg10 === 'number' && (
          <li>
            <Swatch of="some" />
            <span title="psiMemSomeAvg10">Pressure</span>
            <b>{formatShare(sample.psiMemSomeAvg10 / 100)}</b>
            <span className="faint" />
          </li>
        )}
      </ul>
    </>
  )
}

function SwapUsed({ sample: { swapTotal, swapFree } }: { sample: Sample }) {
  if (typeof swapTotal !== 'number' || typeof swapFree !== 'number') return null
  const used = Math.max(0, swapTotal - swapFree)
  return (
    <li>
      <Swatch of="used-swap" />
      <span title="SwapTotal − SwapFree">{swapTotal === 0 ? 'No swap' : 'Swap used'}</span>
      <b>{swapTotal === 0 ? '' : formatBytes(used)}</b>
      <span className="faint">{swapTotal === 0 ? '' : formatShare(used / swapTotal)}</span>
    </li>
  )
}

/** From the left what cannot be taken back, as the layers of the chart lie from the bottom. */
function shownLayers(sample: Sample): Shown[] {
  const columns = layerColumns([sample])
  return memoryLayers([sample]).flatMap(({ key, label, formula }) => {
    const bytes = columns.get(key)?.[0] ?? null
    return bytes === null ? [] : [{ key, label, formula, bytes }]
  })
}
