import { Name } from '@/components/ui/log-text'
import { Ago, Moment } from '@/components/ui/moment'
import type { Boot, HostSummary } from '@/lib/incidents/host'
import { type EpochMs, formatBytes, formatDuration } from '@/lib/units'

interface HostFactsProps {
  host: HostSummary & { boots: readonly Boot[] }
  /** Usual distance of samples; null when not known. */
  stepMs: number | null
  /** Start of the hour or hours of the first sample kept; null without any. */
  keptSince: EpochMs | null
  zone: string
  now: EpochMs
}

/** What is known of a host besides its curves. */
export function HostFacts({ host, stepMs, keptSince, zone, now }: HostFactsProps) {
  const kernel = host.boots.find((boot) => boot.kernel !== null)?.kernel ?? null
  const { memTotal = null, swapTotal = null } = host.latest ?? {}
  return (
    <dl className="facts wide-facts">
      {memTotal !== null && <Fact name="RAM">{formatBytes(memTotal)} usable</Fact>}
      {swapTotal !== null && <Fact name="Swap">{swapTotal === 0 ? 'none' : formatBytes(swapTotal)}</Fact>}
      {kernel !== null && (
        <Fact name="Kernel">
          <Name of={kernel} />
        </Fact>
      )}
      {stepMs !== null && <Fact name="Samples">every {formatDuration(stepMs)}</Fact>}
      {keptSince !== null && (
        <Fact name="Samples since">
          <Moment at={keptSince} zone={zone} as="day" />
        </Fact>
      )}
      <Fact name="First heard of">
        <Moment at={host.firstSeenAt} zone={zone} as="day-time" />
      </Fact>
      <Fact name="Last heard of">
        <Moment at={host.lastSeenAt} zone={zone} as="day-time" />, <Ago at={host.lastSeenAt} now={now} />
      </Fact>
    </dl>
  )
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
