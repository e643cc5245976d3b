import type { OomReader, OomSource } from '@/lib/oom/source'

// "alert firing: HostOutOfMemory severity=critical instance=db-1:9100: Node memory is filling up"
const ALERT = /^alert (firing|resolved): (\S{1,200})/

/**
 * Alerts of a monitoring system, as lib/ingest/protocols/alertmanager.ts writes them into a host's stream: somebody's
 * rule fired. Its words may speak of kills; they are never the kernel's.
 */
export const alerts: OomSource = {
  name: 'alerts',
  sample: 'alert firing: HostOutOfMemory severity=critical instance=db-1:9100: OOM kill detected on db-1',
  open(facts): OomReader {
    return {
      read(entry) {
        if (entry.program !== 'alertmanager') return null
        const alert = ALERT.exec(entry.message)
        if (!alert) return null
        const [, state = '', name = ''] = alert
        facts.addEvent(entry, 'alert', state === 'firing' ? 'sign' : 'info', { state, alert: name.replace(/:$/, '') })
        return 'recognised'
      },
    }
  },
}
