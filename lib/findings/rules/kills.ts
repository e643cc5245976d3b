import { mergeLines } from '@/lib/findings/figure'
import { type FindingRule, finding, firstLine, killLines, lineIn, nameOf } from '@/lib/findings/rule'
import { findBursts } from '@/lib/incidents/bursts'
import type { Kill } from '@/lib/oom/report'
import { message } from '@/lib/text/catalogue'
import { pagesToKib } from '@/lib/units'

const NAMED = 6

/** Who was killed, how often, in how many bursts. */
export const kills: FindingRule = {
  codes: ['kills'],
  tells: 'victim',
  find(facts, incident) {
    const killed = facts.kills.filter((kill) => kill.by === 'kernel')
    const [first] = killed
    if (!first) return null
    const names = listOf(killed)
    const headline = message('kills', { names })
    if (killed.length === 1) {
      const rss =
        first.anonRssKib === null ? null : first.anonRssKib + (first.fileRssKib ?? 0) + (first.shmemRssKib ?? 0)
      const row = incident.main?.report.tasks?.find((task) => task.pid === first.pid)
      const swap = row?.swapPages ? pagesToKib(row.swapPages, incident.main?.pageSizeBytes ?? 4096) : null
      const source = incident.main?.report.lines.source ?? ''
      const lines = mergeLines([...killLines(first), ...(row && swap !== null ? [lineIn(source, row.line)] : [])])
      const invoker = first.invoker.comm
      if (invoker !== null && invoker !== first.comm && incident.cause.class !== 'manual') {
        return finding('kills', headline, message('kills.one', { rss, swap, invoker }), lines)
      }
      return finding('kills', headline, rss === null ? null : message('kills.one-size', { rss, swap }), lines)
    }
    const times = killed.map((kill) => kill.stamp.at).filter((at) => at !== null)
    const span = times.length === killed.length ? Math.max(...times) - Math.min(...times) : null
    const bursts = findBursts(killed).length
    const lines = mergeLines(killed.map((kill) => kill.lines))
    const params = { count: killed.length, bursts: bursts > 1 ? bursts : null, span: span === 0 ? null : span }
    return finding('kills', headline, message('kills.many', params), lines)
  },
}

/** "mysqld 22073, httpd 23485, …": repetitions of a name without a pid are counted, a long list is cut. */
function listOf(killed: Kill[]): string {
  const counts = new Map<string, number>()
  for (const kill of killed) counts.set(nameOf(kill), (counts.get(nameOf(kill)) ?? 0) + 1)
  const names = [...counts].map(([name, count]) => (count > 1 ? `${name} ×${count}` : name))
  const rest = names.length - NAMED
  return [...names.slice(0, NAMED), ...(rest > 0 ? [`+${rest}`] : [])].join(', ')
}

/** Who asked for the memory that was not there, and whether that is who died. */
export const invoker: FindingRule = {
  codes: ['invoker', 'trigger-is-victim'],
  tells: 'background',
  find(facts, { main, cause }) {
    const [kill] = main?.kills ?? []
    if (!main || !kill || facts.kills.length === 0 || cause.class === 'manual') return null
    const { comm, pid } = main.report.invoker
    if (comm === null) return null
    const lines = mergeLines([firstLine(main), kill.lines])
    if (pid !== null && pid === kill.pid) {
      const detail = message('trigger-is-victim.detail', { comm, pid })
      return finding('trigger-is-victim', message('trigger-is-victim', {}), detail, lines)
    }
    // A thread has a pid and a name of its own: without the same pid, equal names prove nothing either way.
    if (comm === kill.comm) return null
    const headline = message('invoker', { invoker: comm, victim: kill.comm ?? 'another process' })
    const detail = isKernelThread(comm)
      ? message('invoker.kernel', {})
      : message('invoker.detail', { invoker: comm, pid })
    return finding('invoker', headline, detail, lines)
  },
}

function isKernelThread(comm: string): boolean {
  return /^(kswapd\d+|kworker\/|kcompactd\d+|khugepaged|ksoftirqd\/|kthreadd|migration\/|md\d+_|jbd2\/|xfs|btrfs)/.test(
    comm,
  )
}
