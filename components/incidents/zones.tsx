import { Check, TriangleAlert } from 'lucide-react'
import { timesMin, ZoneGauge } from '@/components/charts/zone-gauge'
import { Evidence, type LineLinks } from '@/components/incidents/evidence'
import { Name } from '@/components/ui/log-text'
import { Explained } from '@/components/ui/term'
import type { ZoneReading } from '@/lib/findings/zones'
import type { BuddyList, OomReport } from '@/lib/oom/report'
import { formatCount, formatKib, type Kib } from '@/lib/units'

/** Most bars are one row high; the largest block of a zone is this many pixels. */
const BAR_PX = 23

/** Zones of a report against their watermarks, and their free blocks by size. */
export function Zones({
  report,
  zones,
  links,
}: {
  report: OomReport
  zones: readonly ZoneReading[]
  links: LineLinks
}) {
  const lists = report.memory?.buddyLists.filter((list) => list.blocks.length > 0) ?? []
  return (
    <div className="two">
      <div>
        <h3 className="above">
          Free, against each <Explained word="zone" />
          ’s own <Explained word="watermark" text="watermarks" />
        </h3>
        {zones.map((zone) => (
          <ZoneRow key={zone.name} zone={zone} links={links} />
        ))}
        <p className="small faint">Hatched: under min, where only reclaim itself and the killer may still allocate.</p>
      </div>
      {lists.length > 0 && <BuddyTable lists={lists} zones={zones} report={report} links={links} />}
    </div>
  )
}

function ZoneRow({ zone, links }: { zone: ZoneReading; links: LineLinks }) {
  const { minKib, lowKib, highKib, freeKib, presentKib, managedKib } = zone.zone
  const size = managedKib ?? presentKib
  const hasMarks = minKib !== null && lowKib !== null && highKib !== null
  return (
    <div className="zone">
      <div className="zonehead">
        <b>
          <Name of={zone.name} />
        </b>
        {size !== null && (
          <span className="faint small">
            {formatKib(size)} {managedKib === null ? 'present' : 'managed'}
          </span>
        )}
        <span className="small dim">
          free <b>{formatKib(freeKib)}</b>
          {minKib !== null && minKib > 0 && `, ${timesMin(freeKib, minKib)}`}{' '}
          <Evidence ranges={zone.free.lines} links={links} />
        </span>
      </div>
      {hasMarks && <ZoneGauge freeKib={freeKib} minKib={minKib} lowKib={lowKib} highKib={highKib} />}
    </div>
  )
}

interface BuddyTableProps {
  lists: readonly BuddyList[]
  zones: readonly ZoneReading[]
  report: OomReport
  links: LineLinks
}

function BuddyTable({ lists, zones, report, links }: BuddyTableProps) {
  const sizes = [...new Set(lists.flatMap((list) => list.blocks.map((block) => block.sizeKib)))].sort((a, b) => a - b)
  const evidence = lists.map((list) => ({ source: report.lines.source, from: list.line, to: list.line }))
  return (
    <div>
      <h3 className="above">
        Free blocks by size <span className="faint">(bar: share of the zone’s free memory)</span>
      </h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls on phones and must be reachable with keys */}
      <div className="buddywrap" tabIndex={0}>
        <table className="buddy">
          <thead>
            <tr>
              <th scope="col">Zone</th>
              {sizes.map((size) => (
                <th key={size} scope="col">
                  {size >= 1024 ? `${size / 1024} M` : size}
                </th>
              ))}
              <th scope="col">sum</th>
            </tr>
          </thead>
          <tbody>
            {lists.map((list) => (
              <BuddyRow key={`${list.node}-${list.zone}`} list={list} sizes={sizes} />
            ))}
          </tbody>
        </table>
      </div>
      <Checksum lists={lists} zones={zones} /> <Evidence ranges={evidence} links={links} />
    </div>
  )
}

function BuddyRow({ list, sizes }: { list: BuddyList; sizes: readonly Kib[] }) {
  const name = list.node === null ? list.zone : `${list.node} ${list.zone}`
  return (
    <tr>
      <th scope="row">
        <Name of={name} />
      </th>
      {sizes.map((size) => {
        const block = list.blocks.find((each) => each.sizeKib === size)
        if (!block) return <td key={size} />
        if (block.count === 0) {
          return (
            <td key={size}>
              <span className="z">0</span>
            </td>
          )
        }
        const share = list.totalKib === 0 ? 0 : (block.count * size) / list.totalKib
        return (
          <td key={size}>
            {formatCount(block.count)}
            <i style={{ height: Math.max(2, Math.round(share * BAR_PX * 1.5)) }} />
          </td>
        )
      })}
      <td className="tot">{formatKib(list.totalKib)}</td>
    </tr>
  )
}

/** The free lists of a zone add up to its free figure, or the report contradicts itself. */
function Checksum({ lists, zones }: { lists: readonly BuddyList[]; zones: readonly ZoneReading[] }) {
  const compared = lists.flatMap((list) => {
    const zone = zones.find((each) => each.zone.name === list.zone && each.zone.node === list.node)
    if (!zone) return []
    const sum = list.blocks.reduce((total, block) => total + block.count * block.sizeKib, 0)
    return [{ isSumRight: sum === list.totalKib, isFree: sum === zone.zone.freeKib, name: zone.name }]
  })
  const wrong = compared.filter((each) => !each.isSumRight)
  const moved = compared.filter((each) => !each.isFree)
  if (compared.length === 0) return null
  if (wrong.length > 0) {
    return (
      <p className="small warn checksum">
        <TriangleAlert className="i i-warn" aria-hidden />
        The blocks of {wrong.map((each) => each.name).join(', ')} do not add up to the sum printed: the text was changed
        or cut.
      </p>
    )
  }
  return (
    <p className="small faint checksum">
      <Check className="i" aria-hidden />
      {moved.length === 0
        ? 'Sizes in kB. The sums equal the zones’ free figures, so the report is consistent with itself.'
        : `Sizes in kB. The sums are right; free memory of ${moved.map((each) => each.name).join(', ')} moved while the report was written.`}
    </p>
  )
}
