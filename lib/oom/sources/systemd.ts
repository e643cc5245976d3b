import type { Entry, OomReader, OomSource } from '@/lib/oom/source'

const UNIT = '([\\w:.@\\\\-]{1,200}\\.(?:service|scope|slice|socket|mount|timer|swap))'
const KILLED = new RegExp(`^${UNIT}: A process of this unit has been killed by the OOM killer\\.?$`)
const OOMD = new RegExp(
  `^${UNIT}: systemd-oomd killed (?:(\\d+|some) process\\(?e?s?\\)?(?:es)? in this unit|this unit)`,
)
const RESULT = new RegExp(`^${UNIT}: Failed with result '(oom-kill|signal)'\\.?$`)
const UNIT_ENTERED = new RegExp(`^Unit ${UNIT} entered failed state\\.?$`)
const EXITED = new RegExp(`^${UNIT}: [Mm]ain process exited, code=killed, status=9/KILL`)
const RESTART = new RegExp(
  `^${UNIT}: (?:Scheduled restart job, restart counter is at (\\d{1,9})|Service (?:hold-off time over|RestartSec=.*expired), scheduling restart)`,
)
const STOPPED = new RegExp(`^Stopped ${UNIT}`)
const STARTED = new RegExp(`^Started ${UNIT}`)

/** The service manager tells what a kill did to its units. systemd src/core/unit.c, unit_check_oom() */
export const systemd: OomSource = {
  name: 'systemd',
  sample: 'nginx.service: A process of this unit has been killed by the OOM killer.',
  open(facts): OomReader {
    /** Units that lost a process, so that their restarts are worth telling. */
    const hurt = new Set<string>()

    function tell(entry: Entry, unit: string, detail: Record<string, string | number | null>): 'recognised' {
      hurt.add(unit)
      facts.addEvent(entry, 'service-killed', 'critical', { unit, ...detail })
      return 'recognised'
    }

    return {
      read(entry) {
        if (entry.program !== null && entry.program !== 'systemd') return null
        const text = entry.message.trim()
        const killed = KILLED.exec(text)
        if (killed) return tell(entry, killed[1] ?? '', {})
        const oomd = OOMD.exec(text)
        if (oomd) {
          const processes = oomd[2] === undefined || oomd[2] === 'some' ? null : Number(oomd[2])
          return tell(entry, oomd[1] ?? '', { by: 'systemd-oomd', processes })
        }
        const result = RESULT.exec(text)
        if (result?.[2] === 'oom-kill') return tell(entry, result[1] ?? '', { result: 'oom-kill' })
        if (entry.program === null) return null
        const exited = EXITED.exec(text)
        if (exited || (result && hurt.has(result[1] ?? ''))) {
          facts.addEvent(entry, 'service-stopped', 'info', { unit: (exited ?? result)?.[1] ?? null })
          return 'recognised'
        }
        const restart = RESTART.exec(text)
        if (restart) {
          const counter = restart[2] === undefined ? null : Number(restart[2])
          facts.addEvent(entry, 'service-started', 'info', { unit: restart[1] ?? null, counter })
          return 'recognised'
        }
        const moved = STOPPED.exec(text) ?? STARTED.exec(text) ?? UNIT_ENTERED.exec(text)
        if (!moved || !hurt.has(moved[1] ?? '')) return null
        facts.addEvent(entry, text.startsWith('Started') ? 'service-started' : 'service-stopped', 'info', {
          unit: moved[1] ?? null,
        })
        return 'recognised'
      },
    }
  },
}
