import type { HostSummary } from '@/lib/incidents/host'
import { type Exhaustion, timeToExhaustion } from '@/lib/incidents/signs/exhaustion'
import type { Level } from '@/lib/incidents/signs/signals'
import { warningNow } from '@/lib/incidents/signs/warning'
import { signalInShort } from '@/lib/incidents/signs/words'
import type { Series } from '@/lib/metrics/sample'
import { message } from '@/lib/text/catalogue'
import { sayMessage } from '@/lib/text/say'
import type { EpochMs } from '@/lib/units'

/** How a host stands now. */
export interface Risk {
  state: Level | 'silent' | 'unknown'
  word: string
  /** The signals it rests on, "3 % available, pressure 24 %"; empty without any. */
  reason: string
  /** When memory runs out if it goes on like this; null without a steady trend. */
  exhaustion: Exhaustion | null
}

const ORDER = ['critical', 'tight', 'silent', 'watch', 'ok', 'unknown'] as const
/** A host that sent samples and none for this long is silent. */
const SILENT_AFTER_MS = 5 * 60_000
/** Longer than this it does not send samples as a habit: it was a file. */
const FORGOTTEN_AFTER_MS = 24 * 3_600_000
/** A host that runs out within this time needs attention, whatever its state. */
export const SOON_MS = 2 * 3_600_000

/** The warning machine over its last two hours, as an incident is looked back at. */
export function riskOf(host: HostSummary, now: EpochMs): Risk {
  const { latest } = host
  if (!latest || now - latest.at > FORGOTTEN_AFTER_MS) return standing('unknown')
  if (now - latest.at > SILENT_AFTER_MS) return standing('silent')
  const samples: Series = [...host.recent.filter(({ at }) => at < latest.at), latest]
  const state = warningNow(samples)
  if (!state) return standing('unknown')
  return {
    ...standing(state.level),
    reason: state.level === 'ok' ? '' : state.signals.map((signal) => sayMessage(signalInShort(signal))).join(', '),
    exhaustion: timeToExhaustion(samples),
  }
}

/** Someone should look: it is short of memory, was not heard of, or will soon run out. */
export function needsAttention({ state, exhaustion }: Risk): boolean {
  if (exhaustion && exhaustion.likelyMs < SOON_MS) return true
  return state !== 'ok' && state !== 'unknown'
}

/** "runs out of memory in 35 min to 50 min if it goes on like this" */
export function exhaustionWords({ soonestMs, latestMs }: Exhaustion): string {
  return sayMessage(message('exhaustion', { soonest: toMinutes(soonestMs), latest: toMinutes(latestMs) }))
}

/** The band is wider than a minute: seconds would pretend to more. */
function toMinutes(ms: number): number {
  return Math.max(1, Math.round(ms / 60_000)) * 60_000
}

/** Worst first, then who runs out sooner, then the latest kill, then by name. */
export function byRisk(hosts: readonly HostSummary[], now: EpochMs): { host: HostSummary; risk: Risk }[] {
  const untilGone = ({ exhaustion }: Risk) => exhaustion?.likelyMs ?? Number.MAX_SAFE_INTEGER
  return hosts
    .map((host) => ({ host, risk: riskOf(host, now) }))
    .sort(
      (a, b) =>
        ORDER.indexOf(a.risk.state) - ORDER.indexOf(b.risk.state) ||
        untilGone(a.risk) - untilGone(b.risk) ||
        (b.host.lastKillAt ?? 0) - (a.host.lastKillAt ?? 0) ||
        (a.host.name < b.host.name ? -1 : 1),
    )
}

function standing(state: Risk['state']): Risk {
  return { state, word: sayMessage(message(`state.${state}`, {})), reason: '', exhaustion: null }
}
