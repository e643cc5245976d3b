import { findObsoleteAdvice } from '@/lib/findings/notes'
import { type FindingRule, finding } from '@/lib/findings/rule'
import { message } from '@/lib/text/catalogue'

/** A setting in the log's text or in notes that is obsolete or does harm; the first of them. */
export const obsoleteAdvice: FindingRule = {
  codes: ['obsolete-advice'],
  tells: 'background',
  find(facts, { context }) {
    const events = facts.events.filter(({ kind }) => kind === 'obsolete-advice')
    const texts = (context.notes ?? []).map((note) => note.text)
    const [advice] = [...events.map((event) => event.message), ...texts].flatMap(findObsoleteAdvice)
    if (!advice) return null
    const detail = message(`obsolete-advice.${advice.knob}`, {})
    return finding(
      'obsolete-advice',
      message('obsolete-advice', { text: advice.text }),
      detail,
      events.map(({ lines }) => lines),
    )
  },
}
