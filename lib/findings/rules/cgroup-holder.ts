import type { ExplainContext } from '@/lib/findings/context'
import { limitOfGroup } from '@/lib/findings/group-series'
import { type FindingRule, finding, type IncidentCase } from '@/lib/findings/rule'
import { shortCgroup } from '@/lib/incidents/cgroup-path'
import type { IncidentFacts } from '@/lib/incidents/incident'
import { beginningOf, isOfMachine } from '@/lib/incidents/signs/lead-in'
import type { MeasuredCgroup } from '@/lib/metrics/measured'
import { message } from '@/lib/text/catalogue'
import { type Bytes, bytesToKib, kibToBytes } from '@/lib/units'

/** Two groups apart cannot both hold more. */
const HALF = 0.5

/** The innermost control group that held most of RAM, or of the limit of a group above it, by the last samples before. */
export const cgroupHolder: FindingRule = {
  codes: ['cgroup-held'],
  tells: 'holder',
  find(facts, incident) {
    const { context } = incident
    const until = beginningOf(facts)
    const whole = wholeOf(facts, incident)
    if (!context.cgroups || until === null || whole === null) return null
    const inside = context.cgroups.cgroups.filter(({ path }) => path !== whole.path && isBelow(path, whole.path))
    const holder = innermost(inside.filter(({ usage }) => usage >= whole.bytes * HALF))
    if (!holder) return null
    const params = {
      cgroup: shortCgroup(holder.path),
      usage: bytesToKib(holder.usage),
      share: Math.min(1, holder.usage / whole.bytes),
      whole: whole.path === '/' ? 'RAM' : 'the limit',
    }
    const headline = message('cgroup-held', params)
    return finding('cgroup-held', headline, message('cgroup-held.detail', params), [], {
      confidence: 'medium',
      sampled: { from: context.cgroups.at, to: until },
    })
  },
}

function wholeOf(facts: IncidentFacts, { main, context }: IncidentCase): { path: string; bytes: Bytes } | null {
  if (isOfMachine(facts)) {
    const bytes = main?.usable ? kibToBytes(main.usable.kib) : ramOf(context)
    return bytes === null ? null : { path: '/', bytes }
  }
  const path = main?.report.memcg?.limitPath ?? facts.kills.find(({ limitCgroup }) => limitCgroup)?.limitCgroup ?? null
  const limitKib = limitOfGroup(main, context)
  return path === null || limitKib === null ? null : { path, bytes: kibToBytes(limitKib) }
}

function ramOf({ samples }: ExplainContext): Bytes | null {
  return samples?.findLast(({ memTotal }) => !!memTotal)?.memTotal ?? null
}

function isBelow(path: string, above: string): boolean {
  return above === '/' || path.startsWith(`${above}/`)
}

function innermost(groups: readonly MeasuredCgroup[]): MeasuredCgroup | null {
  return groups.reduce<MeasuredCgroup | null>(
    (inner, group) => (inner === null || group.path.length > inner.path.length ? group : inner),
    null,
  )
}
