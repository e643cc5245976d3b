import { constraintOf, type Draft } from '@/lib/oom/kernel/draft'
import type { KilledLine } from '@/lib/oom/kernel/kill-line'
import type { Kill, KillSources } from '@/lib/oom/report'

/**
 * What a kill line and the report it ends say of the kill, and which lines of the report say what is not on the kill
 * line itself. Without a report only the line's own facts are known.
 */
export function factsOfKill(killed: KilledLine, draft: Draft | null): Partial<Kill> {
  const row =
    draft?.tasks?.find((task) => task.pid === killed.pid) ?? draft?.tasks?.find((task) => task.tgid === killed.pid)
  const oomKill = draft?.oomKill ?? null
  const memcg = draft?.memcg.memcg ?? null
  const stated = draft ? constraintOf(draft) : 'unknown'
  const constraint = oomKill || killed.constraint === 'unknown' ? stated : killed.constraint
  const onlyGroup = constraint === 'memcg' && draft?.memcg.statsHeaders === 1 ? draft.memcg.statsPath : null
  const selected = oomKill !== null && oomKill.pid === killed.pid ? oomKill : null
  const invoker = draft?.report.invoker ?? { comm: null, pid: null }

  const oomKillLine = draft?.oomKillEntry?.from ?? null
  const triggerLine = draft?.trigger ? draft.report.lines.from : null
  const groupLine = (path: string | null | undefined): number | null =>
    path != null ? oomKillLine : ((memcg?.victimPath ? draft?.memcg.pathLine : memcg?.statsLine) ?? null)
  const facts = {
    uid: killed.uid ?? selected?.uid ?? row?.uid ?? null,
    cgroup: oomKill?.victimPath ?? memcg?.victimPath ?? onlyGroup ?? null,
    limitCgroup: oomKill?.limitPath ?? memcg?.limitPath ?? onlyGroup ?? null,
    oomScoreAdj: killed.oomScoreAdj ?? row?.oomScoreAdj ?? null,
  }
  return {
    ...killed,
    ...facts,
    constraint: constraint === 'unknown' ? killed.constraint : constraint,
    invoker: { ...invoker },
    gfpMask: draft?.report.gfpMask ?? null,
    order: draft?.report.order ?? null,
    readAt: known({
      uid: killed.uid !== null || facts.uid === null ? null : selected?.uid != null ? oomKillLine : (row?.line ?? null),
      constraint:
        stated === 'unknown'
          ? null
          : (oomKillLine ?? draft?.memcg.pathLine ?? memcg?.memory?.line ?? memcg?.statsLine ?? null),
      cgroup: facts.cgroup === null ? null : groupLine(oomKill?.victimPath),
      limitCgroup: facts.limitCgroup === null ? null : groupLine(oomKill?.limitPath),
      invokerComm: invoker.comm === null ? null : (triggerLine ?? draft?.taskLine ?? null),
      invokerPid: invoker.pid === null ? null : (draft?.taskLine ?? triggerLine),
      gfpMask: draft?.report.gfpMask == null ? null : triggerLine,
      order: draft?.report.order == null ? null : triggerLine,
      oomScoreAdj: killed.oomScoreAdj !== null || facts.oomScoreAdj === null ? null : (row?.line ?? null),
    }),
  }
}

/** Only what has a line of its own. */
function known(lines: Record<keyof KillSources, number | null>): KillSources {
  return Object.fromEntries(Object.entries(lines).filter(([, line]) => line !== null))
}
