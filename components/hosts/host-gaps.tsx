import { Moment } from '@/components/ui/moment'
import type { GapReason } from '@/lib/charts/gap-reasons'
import type { Gap } from '@/lib/charts/series'
import { formatDuration } from '@/lib/units'

const WORDS: Record<GapReason, string> = {
  rebooted: 'The host was rebooted.',
  'host-down': 'The host was down.',
  'agent-silent': 'The agent was silent: the log of the host goes on.',
  'not-yet': '',
}
const UNKNOWN = 'Nothing tells why.'

/** When nothing was measured in the range shown, newest first, each with its reason as far as something tells it. */
export function HostGaps({ gaps, zone }: { gaps: readonly Gap[] | null; zone: string }) {
  if (gaps === null) return <p className="dim">Nothing was measured in the range shown.</p>
  const missing = gaps.filter(({ reason }) => reason !== 'not-yet')
  if (missing.length === 0) return <p className="dim">None in the range shown.</p>
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">From</th>
          <th scope="col">To</th>
          <th scope="col" className="num">
            Length
          </th>
          <th scope="col">Why</th>
        </tr>
      </thead>
      <tbody>
        {missing.toReversed().map((gap) => (
          <tr key={gap.from}>
            <td>{gap.edge === 'start' ? 'before the range' : <Moment at={gap.from} zone={zone} as="day-time" />}</td>
            <td>{gap.edge === 'end' ? 'the end of the range' : <Moment at={gap.to} zone={zone} as="day-time" />}</td>
            <td className="num">
              {gap.edge === 'start' && 'at least '}
              {formatDuration(gap.to - gap.from)}
            </td>
            <td>{gap.reason ? WORDS[gap.reason] : UNKNOWN}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
