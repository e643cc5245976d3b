import { CircleQuestionMark, Database } from 'lucide-react'
import Link from 'next/link'
import type { LineLinks } from '@/components/incidents/evidence'
import { KillFacts } from '@/components/incidents/kill-facts'
import { CopyButton } from '@/components/ui/copy-button'
import { KillMark } from '@/components/ui/kill-mark'
import { Name } from '@/components/ui/log-text'
import { Sentence } from '@/components/ui/sentence'
import { formatClock } from '@/lib/charts/clock'
import { describeHolder } from '@/lib/findings/holder'
import { shortCgroup } from '@/lib/incidents/cgroup-path'
import type { Incident } from '@/lib/incidents/incident'
import type { Kill } from '@/lib/oom/report'
import { formatBytes, formatDuration, kibToBytes } from '@/lib/units'

/** What to type while memory is short, so that the next incident names the program. */
const COLLECT = 'ps axo pid,ppid,rss,comm --sort=-rss'
const MOST_ROWS = 8
const GRADES = ['unknown', 'suspected', 'metrics', 'report'] as const

interface VictimHolderProps {
  incident: Incident
  zone: string
  selectedKill: number | null
  links: LineLinks
  /** Address of this page with another kill selected. */
  hrefOfKill: (index: number) => string
}

/** Who was killed, and who held the memory: two different questions. */
export function VictimHolder(props: VictimHolderProps) {
  return (
    <div className="vh">
      <Killed {...props} />
      <Held incident={props.incident} />
    </div>
  )
}

function Killed({ incident, zone, selectedKill, links, hrefOfKill }: VictimHolderProps) {
  const { kills } = incident
  const window = rowsAround(kills.length, selectedKill ?? 0)
  return (
    <section aria-label="Killed">
      <h3>
        <KillMark />
        Killed
        {kills.length > MOST_ROWS && <span className="badge">{kills.length} kills</span>}
      </h3>
      <p className="big kill">
        {kills.length === 0 ? 'Nobody, as far as this log tells' : <Name of={victimNames(kills)} />}
      </p>
      <ol className="killset">
        {kills.slice(window.from, window.to).map((kill, offset) => {
          const index = window.from + offset
          return (
            <li key={`${kill.lines.source}:${kill.lines.from}:${kill.pid}`}>
              <Link href={hrefOfKill(index)} scroll={false} aria-current={index === selectedKill ? 'true' : undefined}>
                {kill.stamp.at === null ? 'no time' : formatClock(kill.stamp.at, zone)}
              </Link>
              <span>
                <b>
                  <Name of={nameOf(kill)} />
                </b>{' '}
                {kill.pid}
              </span>
              <span className="last">{index === selectedKill ? 'selected' : sinceLast(kills, index)}</span>
            </li>
          )
        })}
      </ol>
      {selectedKill !== null && kills[selectedKill] && <KillFacts kill={kills[selectedKill]} links={links} />}
    </section>
  )
}

function Held({ incident }: { incident: Incident }) {
  const { hog } = incident
  const grade = hog?.grade ?? 'unknown'
  const holder = describeHolder(incident, incident)
  return (
    <section aria-label="Held the memory">
      <h3>
        {holder.isNamed ? <Database className="i" aria-hidden /> : <CircleQuestionMark className="i" aria-hidden />}
        Held the memory
      </h3>
      <p className="big">
        {hog && holder.isNamed ? (
          <>
            <Name of={hog.comm} />
            {hog.processes > 1 && ` ×${hog.processes}`}{' '}
            {hog.rssKib !== null && <span className="dim">{formatBytes(kibToBytes(hog.rssKib))}</span>}
          </>
        ) : (
          <Sentence of={holder.answer} />
        )}
      </p>
      <p>
        <Sentence of={holder.why} />
      </p>
      {(holder.isNamed || holder.isAskedFor) && (
        <ol className="grade" aria-label={`How sure: ${grade}, ${GRADES.indexOf(grade) + 1} of ${GRADES.length}`}>
          {GRADES.map((each) => (
            <li key={each} className={each === grade ? 'on' : undefined}>
              {each}
            </li>
          ))}
        </ol>
      )}
      {holder.isAskedFor && (
        <div className="collect noprint">
          <span>{COLLECT}</span>
          <CopyButton text={COLLECT} label="Copy command" isIcon />
        </div>
      )}
    </section>
  )
}

function victimNames(kills: readonly Kill[]): string {
  const counts = new Map<string, number>()
  for (const kill of kills) counts.set(nameOf(kill), (counts.get(nameOf(kill)) ?? 0) + 1)
  const names = [...counts].map(([name, count]) => (count > 1 ? `${name} ×${count}` : name))
  return names.length > 4 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ')
}

/** A killer that ends groups names no process. */
function nameOf({ comm, cgroup }: Kill): string {
  return comm ?? (cgroup === null ? 'unnamed' : shortCgroup(cgroup))
}

/** A window of rows that holds the selected one. */
function rowsAround(count: number, selected: number): { from: number; to: number } {
  const from = Math.max(0, Math.min(selected - Math.floor(MOST_ROWS / 2), count - MOST_ROWS))
  return { from, to: Math.min(count, from + MOST_ROWS) }
}

function sinceLast(kills: readonly Kill[], index: number): string {
  const at = kills[index]?.stamp.at ?? null
  const before = kills[index - 1]?.stamp.at ?? null
  return at === null || before === null ? '' : `+${formatDuration(at - before)}`
}
