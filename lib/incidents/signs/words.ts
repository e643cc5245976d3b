import type { Moment } from '@/lib/incidents/incident'
import type { Signal, SignalName } from '@/lib/incidents/signs/signals'
import type { Standing } from '@/lib/incidents/signs/warning'
import { message } from '@/lib/text/catalogue'
import type { Message } from '@/lib/text/message'

/** The signals as parameters of a sentence; null where there was no such signal. */
export function signalParams(signals: readonly Signal[]) {
  const value = (name: SignalName) => signals.find((signal) => signal.name === name)?.value ?? null
  const swapIn = value('swap-in')
  return {
    available: value('available'),
    swap: value('swap'),
    swapIn: swapIn === null ? null : swapIn / 1024,
    pressure: value('pressure'),
    falling: value('falling'),
  }
}

/** "3 % available" */
export function signalInShort({ name, value }: Signal): Message {
  if (name === 'no-swap' || name === 'falling') return message(`sign.${name}`, {})
  return message(`sign.${name}`, { value: name === 'swap-in' ? value / 1024 : value })
}

/** A change of state as a row of the timeline. */
export function momentOf({ since, level, signals }: Standing): Moment {
  return {
    at: since,
    severity: level === 'ok' ? 'info' : level === 'watch' ? 'sign' : 'critical',
    label: message(`state.${level}`, {}),
    sentence: message(`timeline.standing.${level}`, {}),
    detail: level === 'ok' ? null : message('timeline.standing.detail', signalParams(signals)),
  }
}

/** The same for a group under its own limit. */
export function momentOfGroup({ since, level, signals }: Standing): Moment {
  const { available, falling } = signalParams(signals)
  const used = available === null ? null : 1 - available
  return {
    at: since,
    severity: level === 'ok' ? 'info' : level === 'watch' ? 'sign' : 'critical',
    label: message(`state.${level}`, {}),
    sentence: message(`timeline.group.${level}`, {}),
    detail: level === 'ok' ? null : message('timeline.group.detail', { used, falling }),
  }
}
