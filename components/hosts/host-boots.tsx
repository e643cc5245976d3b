import { Name } from '@/components/ui/log-text'
import { Moment } from '@/components/ui/moment'
import type { Boot } from '@/lib/incidents/host'

/** Boots of a host, as they are given; those of which nothing is known are left out. */
export function HostBoots({ boots, zone }: { boots: readonly Boot[]; zone: string }) {
  const known = boots.filter((boot) => boot.startedAt !== null || boot.kernel !== null)
  if (known.length === 0) return <p className="dim">No boot is known.</p>
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Began</th>
          <th scope="col">Ended</th>
          <th scope="col">Kernel</th>
        </tr>
      </thead>
      <tbody>
        {known.map((boot) => (
          <tr key={boot.id}>
            <td>{boot.startedAt === null ? 'unknown' : <Moment at={boot.startedAt} zone={zone} as="day-time" />}</td>
            <td>{boot.endedAt === null ? 'unknown' : <Moment at={boot.endedAt} zone={zone} as="day-time" />}</td>
            <td>{boot.kernel === null ? 'not stated' : <Name of={boot.kernel} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
