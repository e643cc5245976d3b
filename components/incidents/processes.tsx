import { LimitBar, type LimitBlock } from '@/components/charts/limit-bar'
import { fillOf } from '@/components/charts/patterns'
import { ChoiceTable } from '@/components/incidents/choice-table'
import { Evidence, type LineLinks } from '@/components/incidents/evidence'
import { TaskTable } from '@/components/incidents/task-table'
import { LogText } from '@/components/ui/log-text'
import { recomputeBadness } from '@/lib/findings/badness'
import type { ReportReading } from '@/lib/findings/reading'
import type { TaskGroup } from '@/lib/findings/tasks'
import type { Incident } from '@/lib/incidents/incident'
import { formatBytes, formatCount, type Kib, kibToBytes, pagesToKib } from '@/lib/units'

/** More members than this make the bar unreadable: they share one block. */
const MOST_BLOCKS = 12
const CGROUP_TOTAL_KEYS = ['cache', 'file'] as const

/** Who held memory when the report was written, inside the limit where there was one. */
export function Processes({
  incident,
  reading,
  links,
}: {
  incident: Incident
  reading: ReportReading
  links: LineLinks
}) {
  const { report, tasks, pageSizeBytes } = reading
  const limit = report.memcg?.memory ?? null
  const limitKib = limit?.limitKib ?? null
  const badness = recomputeBadness(reading)
  const victimPids = new Set(reading.kills.flatMap((kill) => (kill.pid === null ? [] : [kill.pid])))
  const whole =
    limitKib !== null
      ? { kib: limitKib, name: 'the limit' }
      : reading.usable
        ? { kib: reading.usable.kib, name: 'usable RAM' }
        : null
  return (
    <>
      {report.memcg && <CgroupLine reading={reading} links={links} />}
      {limitKib !== null && (
        <LimitBar
          limitKib={limitKib}
          limitName="limit"
          blocks={blocksOf(reading, limitKib, victimPids)}
          group={groupOf(tasks?.programs[0])}
        />
      )}
      {tasks && (
        <TaskTable
          groups={tasks.programs}
          pageSizeBytes={pageSizeBytes}
          whole={whole}
          victimPids={victimPids}
          holder={incident.hog?.grade === 'report' ? incident.hog.comm : null}
        />
      )}
      {badness && <ChoiceTable badness={badness} source={report.lines.source} victimPids={victimPids} links={links} />}
    </>
  )
}

/** The group's own counters, as printed. */
function CgroupLine({ reading, links }: { reading: ReportReading; links: LineLinks }) {
  const memcg = reading.report.memcg
  if (!memcg) return null
  const { memory, limitPath, victimPath } = memcg
  const source = reading.report.lines.source
  return (
    <p className="cgroup">
      {limitPath && <LogText text={limitPath} className="mono" />}
      {memory && (
        <>
          {' '}
          used <b>{formatBytes(kibToBytes(memory.usageKib))}</b>
          {memory.limitKib === null ? ', no limit' : ` of ${formatBytes(kibToBytes(memory.limitKib))}`}, hit its limit{' '}
          {formatCount(memory.failcnt)} times{' '}
          <Evidence ranges={[{ source, from: memory.line, to: memory.line }]} links={links} />
        </>
      )}
      {victimPath && victimPath !== limitPath && (
        <span className="dim">
          . Victim in <LogText text={victimPath} className="mono" />
        </span>
      )}
    </p>
  )
}

/** The largest program's processes, then the other programs, then the group's page cache, never beyond the limit. */
function blocksOf(reading: ReportReading, limitKib: Kib, victimPids: ReadonlySet<number>): LimitBlock[] {
  const programs = reading.tasks?.programs ?? []
  const [first, ...others] = programs
  const blocks: LimitBlock[] = []
  let left = limitKib
  const add = (block: Omit<LimitBlock, 'kib'>, kib: Kib) => {
    const fits = Math.min(kib, left)
    if (fits <= 0) return
    left -= fits
    blocks.push({ ...block, kib: fits })
  }
  const members = first ? [...first.tasks].sort((a, b) => (b.rssPages ?? 0) - (a.rssPages ?? 0)) : []
  for (const task of members.slice(0, MOST_BLOCKS)) {
    const isVictim = victimPids.has(task.pid) || (task.tgid !== null && victimPids.has(task.tgid))
    const kib = pagesToKib(task.rssPages ?? 0, reading.pageSizeBytes)
    const detail = isVictim ? `${task.pid}, killed` : String(task.pid)
    add(
      {
        key: `task-${task.line}`,
        title: formatBytes(kibToBytes(kib)),
        detail,
        fill: fillOf('anon'),
        isPale: false,
        isVictim,
      },
      kib,
    )
  }
  for (const group of others.slice(0, MOST_BLOCKS)) {
    const isVictim = group.tasks.some((task) => victimPids.has(task.pid))
    add(
      {
        key: `program-${group.name}`,
        title: group.name,
        detail: formatBytes(kibToBytes(group.rssKib)),
        fill: fillOf('slab'),
        isPale: false,
        isVictim,
      },
      group.rssKib,
    )
  }
  const stats = reading.report.memcg?.stats ?? {}
  const cacheKey = CGROUP_TOTAL_KEYS.find((key) => stats[key] !== undefined)
  if (cacheKey) {
    const kib = (stats[cacheKey] ?? 0) / 1024
    add(
      {
        key: 'cache',
        title: 'page cache',
        detail: formatBytes(kibToBytes(kib)),
        fill: fillOf('cache'),
        isPale: true,
        isVictim: false,
      },
      kib,
    )
  }
  return blocks
}

function groupOf(program: TaskGroup | undefined): { name: string; blocks: number } | null {
  if (!program) return null
  const count = program.tasks.length
  return { name: count > 1 ? `${program.name} ×${count}` : program.name, blocks: Math.min(count, MOST_BLOCKS) }
}
