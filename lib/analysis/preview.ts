import type { FileAnalysis } from '@/lib/analysis/analysis'
import { shortCgroup } from '@/lib/incidents/cgroup-path'
import type { Assumption } from '@/lib/source'

/** What a person sees of a file before it is sent: small enough to pass out of a worker. */
export type Preview = Pick<
  FileAnalysis,
  'kind' | 'envelope' | 'account' | 'host' | 'hosts' | 'from' | 'to' | 'assumed' | 'strip' | 'warnings'
> & {
  reports: number
  kills: number
  samples: number
  processes: number
  /** Names of those killed with how often, most often first. */
  victims: { comm: string; kills: number }[]
}

export function toPreview(analysis: FileAnalysis): Preview {
  const { kind, envelope, account, host, hosts, from, to, assumed, strip, warnings } = analysis
  const victims = new Map<string, number>()
  for (const kill of analysis.kills) {
    const comm = kill.comm ?? (kill.cgroup === null ? 'unnamed' : shortCgroup(kill.cgroup))
    victims.set(comm, (victims.get(comm) ?? 0) + 1)
  }
  return {
    kind,
    envelope,
    account,
    host,
    hosts: hosts.slice(0, 20),
    from,
    to,
    assumed,
    strip,
    warnings: warnings.slice(0, 20),
    reports: analysis.reports.length,
    kills: analysis.kills.length,
    samples: analysis.samples.length + analysis.undated.length,
    processes: analysis.processes?.rows.length ?? 0,
    victims: [...victims].map(([comm, kills]) => ({ comm, kills })).sort((a, b) => b.kills - a.kills),
  }
}

/** What a person should be asked about these files, because nothing in them says it. */
export interface Questions {
  year: Assumption | null
  zone: Assumption | null
  /** True when a file names no host and holds something that belongs to one. */
  host: boolean
}

export function questionsOf(previews: readonly Preview[]): Questions {
  const telling = previews.filter((preview) => preview.reports + preview.kills + preview.samples > 0)
  const unsure = (what: Assumption['what']) =>
    telling.flatMap((preview) => preview.assumed).find((each) => each.what === what && !each.isEvidenced) ?? null
  return { year: unsure('year'), zone: unsure('zone'), host: telling.some((preview) => preview.host === null) }
}
