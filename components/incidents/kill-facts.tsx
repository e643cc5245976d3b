import type { ReactNode } from 'react'
import { Evidence, type LineLinks } from '@/components/incidents/evidence'
import { Name } from '@/components/ui/log-text'
import { lineOfFact } from '@/lib/incidents/fact-lines'
import { reportOfKill } from '@/lib/incidents/identity'
import type { LineRange } from '@/lib/logs/source'
import type { Kill, KillSources, OomReport } from '@/lib/oom/report'
import { message } from '@/lib/text/catalogue'
import { sayMessage } from '@/lib/text/say'
import { formatBytes, kibToBytes } from '@/lib/units'

interface FactRow {
  name: string
  value: ReactNode
  at: LineRange[]
}

/** What is printed of one kill, each fact with the line it was read at. */
export function KillFacts({ kill, links }: { kill: Kill; links: LineLinks }) {
  const rows = rowsOf(kill, reportOfKill(kill, links.reports))
  if (rows.length === 0) return null
  return (
    <dl className="killfacts">
      {rows.map(({ name, value, at }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {value} <Evidence ranges={at} links={links} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

function rowsOf(kill: Kill, report: OomReport | null): FactRow[] {
  const own = [kill.lines]
  const at = (...facts: (keyof KillSources)[]) => facts.flatMap((fact) => lineOfFact(kill, report, fact) ?? [])
  const { invoker, constraint, limitCgroup, cgroup } = kill
  const rows: FactRow[] = []
  const add = (name: string, value: ReactNode, lines: LineRange[]) => rows.push({ name, value, at: lines })

  const memory = memoryWords(kill)
  if (memory) add('Resident', memory, own)
  if (kill.pageTablesKib !== null) add('Page tables', formatBytes(kibToBytes(kill.pageTablesKib)), own)
  if (kill.oomScoreAdj !== null) add('oom_score_adj', kill.oomScoreAdj, at('oomScoreAdj'))
  if (kill.score !== null) add('Score', kill.score, kill.choice ? [kill.choice] : own)
  if (kill.uid !== null) add('User id', kill.uid, at('uid'))
  if (invoker.comm !== null) add('Asked by', <Name of={invoker.comm} />, at('invokerComm'))
  if (invoker.pid !== null) add('Asking process', invoker.pid, at('invokerPid'))
  if (kill.order !== null) add('Order', kill.order, at('order'))
  if (kill.gfpMask !== null) add('gfp_mask', <Name of={kill.gfpMask} />, at('gfpMask'))
  if (constraint !== 'unknown') add('Limited to', sayMessage(message(`constraint.${constraint}`, {})), at('constraint'))
  if (limitCgroup !== null) add('Limit of', <Name of={limitCgroup} />, at('limitCgroup'))
  if (cgroup !== null && cgroup !== limitCgroup) add('Ran in', <Name of={cgroup} />, at('cgroup'))
  if (kill.reason !== null) add('Reason', <Name of={kill.reason} />, own)
  return rows
}

function memoryWords({ anonRssKib, fileRssKib, shmemRssKib }: Kill): string {
  const size = (kib: number | null, of: string) => (kib === null ? [] : [`${formatBytes(kibToBytes(kib))} ${of}`])
  return [...size(anonRssKib, 'anonymous'), ...size(fileRssKib, 'file'), ...size(shmemRssKib, 'shared')].join(', ')
}
