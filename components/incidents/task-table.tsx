import { Name } from '@/components/ui/log-text'
import type { TaskGroup } from '@/lib/findings/tasks'
import type { Task } from '@/lib/oom/report'
import { type Bytes, formatBytes, formatShare, type Kib, kibToBytes, pagesToKib } from '@/lib/units'

const MOST_GROUPS = 12
const MOST_MEMBERS = 6

interface TaskTableProps {
  groups: readonly TaskGroup[]
  pageSizeBytes: Bytes
  /** Of RAM or of the cgroup's limit; null when neither is known, then no share is told. */
  whole: { kib: Kib; name: string } | null
  victimPids: ReadonlySet<number>
  holder: string | null
}

/** The task dump of a report, grouped by program: who held how much. */
export function TaskTable({ groups, pageSizeBytes, whole, victimPids, holder }: TaskTableProps) {
  const ranked = [...groups].sort((a, b) => b.rssKib + (b.swapKib ?? 0) - a.rssKib - (a.swapKib ?? 0))
  const shown = ranked.slice(0, MOST_GROUPS)
  const rest = ranked.slice(MOST_GROUPS)
  const most = Math.max(...groups.map((group) => group.rssKib), 1)
  const barOf = (kib: Kib) => kib / (whole?.kib ?? most)
  const hasSwap = groups.some((group) => group.swapKib !== null)
  return (
    <table className="cards tasks">
      <thead>
        <tr>
          <th scope="col">Program</th>
          <th scope="col">Resident</th>
          <th scope="col" className="num">
            {whole ? `Share of ${whole.name}` : ''}
          </th>
          {hasSwap && (
            <th scope="col" className="num">
              Swap
            </th>
          )}
          <th scope="col" className="num">
            oom_score_adj
          </th>
        </tr>
      </thead>
      <tbody>
        {shown.map((group) => (
          <Group
            key={group.name}
            group={group}
            barOf={barOf}
            isHolder={group.name === holder}
            hasSwap={hasSwap}
            hasShare={whole !== null}
            victimPids={victimPids}
            pageSizeBytes={pageSizeBytes}
          />
        ))}
        {rest.length > 0 && <Rest groups={rest} barOf={barOf} hasSwap={hasSwap} hasShare={whole !== null} />}
      </tbody>
    </table>
  )
}

interface GroupProps {
  group: TaskGroup
  barOf: (kib: Kib) => number
  isHolder: boolean
  hasSwap: boolean
  hasShare: boolean
  victimPids: ReadonlySet<number>
  pageSizeBytes: Bytes
}

function Group({ group, barOf, isHolder, hasSwap, hasShare, victimPids, pageSizeBytes }: GroupProps) {
  const isVictim = (task: Task) => victimPids.has(task.pid) || (task.tgid !== null && victimPids.has(task.tgid))
  const members = [...group.tasks].sort((a, b) => (b.rssPages ?? 0) - (a.rssPages ?? 0))
  const isSingle = members.length === 1
  const shown = members.filter((task, index) => index < MOST_MEMBERS || isVictim(task))
  const hidden = members.length - shown.length
  const only = members[0]
  return (
    <>
      <tr className="grp">
        <td>
          <Name of={group.name} />
          {isSingle ? <span className="faint pid"> {only?.pid}</span> : ` ×${members.length}`}{' '}
          {isHolder && <span className="badge solid">held most</span>}{' '}
          {isSingle && only && isVictim(only) && <span className="badge killed">killed</span>}
        </td>
        <td className="full dn">
          <BarCell kib={group.rssKib} share={barOf(group.rssKib)} isVictim={isSingle && !!only && isVictim(only)} />
        </td>
        <td className="num">{hasShare && formatShare(barOf(group.rssKib))}</td>
        {hasSwap && (
          <td className="num hide">{group.swapKib === null ? '–' : formatBytes(kibToBytes(group.swapKib))}</td>
        )}
        <td className="num hide">{isSingle ? scoreWords(only) : ''}</td>
      </tr>
      {!isSingle &&
        shown.map((task, index) => {
          const kib = pagesToKib(task.rssPages ?? 0, pageSizeBytes)
          const isLast = index === shown.length - 1 && hidden === 0
          return (
            <tr key={`${task.line}-${task.pid}`} className={isLast ? 'kid end' : 'kid'}>
              <td>
                <span className="faint">pid</span> {task.pid}{' '}
                {isVictim(task) && <span className="badge killed">killed</span>}
              </td>
              <td className="full dn">
                <BarCell kib={kib} share={barOf(kib)} isVictim={isVictim(task)} />
              </td>
              <td className="num">{hasShare && formatShare(barOf(kib))}</td>
              {hasSwap && (
                <td className="num hide">
                  {task.swapPages === null ? '–' : formatBytes(kibToBytes(pagesToKib(task.swapPages, pageSizeBytes)))}
                </td>
              )}
              <td className="num hide">{scoreWords(task)}</td>
            </tr>
          )
        })}
      {hidden > 0 && (
        <tr className="kid end">
          <td colSpan={hasSwap ? 5 : 4} className="faint full">
            {hidden} smaller
          </td>
        </tr>
      )}
    </>
  )
}

function Rest({
  groups,
  barOf,
  hasSwap,
  hasShare,
}: Pick<GroupProps, 'barOf' | 'hasSwap' | 'hasShare'> & { groups: readonly TaskGroup[] }) {
  const kib = groups.reduce((total, group) => total + group.rssKib, 0)
  return (
    <tr>
      <td>{groups.length} other programs</td>
      <td className="full dn">
        <BarCell kib={kib} share={barOf(kib)} isVictim={false} />
      </td>
      <td className="num">{hasShare && formatShare(barOf(kib))}</td>
      {hasSwap && <td className="num hide" />}
      <td className="num hide" />
    </tr>
  )
}

function BarCell({ kib, share, isVictim }: { kib: Kib; share: number; isVictim: boolean }) {
  return (
    <span className="barcell">
      <span className="bar">
        <i
          className={isVictim ? 'k' : undefined}
          style={{ width: `${Math.min(100, Math.round(share * 1000) / 10)}%` }}
        />
      </span>
      <span>{formatBytes(kibToBytes(kib))}</span>
    </span>
  )
}

function scoreWords(task: Task | undefined): string {
  if (!task) return ''
  if (task.oomScoreAdj !== null) return String(task.oomScoreAdj)
  return task.oomAdj === null ? '' : `oom_adj ${task.oomAdj}`
}
