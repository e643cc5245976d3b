import { isKernelVoice, type OomReader, type OomSource } from '@/lib/oom/source'

// "Linux version 3.10.0-514.el7.x86_64 (builder@…) (gcc …) #1 SMP …"
const BOOT = /^Linux version (\S{1,100}) \(/
const HUNG = /^INFO: task (.{1,40}?):(\d{1,10}) blocked for more than (\d{1,6}) seconds/
const LOCKUP = /(?:BUG: |watchdog: BUG: )soft lockup - CPU#(\d{1,5}) stuck for (\d{1,6})s/
const SHUTDOWN =
  /^(?:Reached target (?:Shutdown|Reboot|Power-Off|System Reboot|System Power Off|System Shutdown)|reboot: (?:Restarting system|Power down|System halted)|Rebooting in \d+ seconds|shutting down for system (?:reboot|halt)|The system is going down|Shutting down\.|Rebooting\.|System is (?:rebooting|powering down))/
const CLOCK =
  /^(?:Time has been changed|System clock wrong by|System clock was stepped by|Clock: inserting leap second|adjusting local clock by|time (?:reset|stepped) [+-])/
const SUPPRESSED =
  /\b(?:imuxsock|imjournal|imklog)\b.*(?:lost \d+ messages|begin to drop messages|\d+ messages lost)|^Suppressed \d+ messages from|^Missed \d+ kernel messages|^(?:printk: |\*\* )?\d+ (?:printk )?messages (?:suppressed|dropped)|callbacks suppressed$/
const REPEATED = /^(?:last message repeated \d+ times|message repeated \d+ times: \[)/

/** Signs around a kill: boots, shutdowns, stalls, jumps of the clock, messages that are missing. */
export const signs: OomSource = {
  name: 'signs',
  sample: 'INFO: task jbd2/sda1-8:412 blocked for more than 120 seconds.',
  open(facts): OomReader {
    return {
      read(entry) {
        const text = entry.message.trim()
        if (isKernelVoice(entry)) {
          const boot = BOOT.exec(text)
          if (boot) {
            facts.addRelease(boot[1] ?? '')
            facts.addEvent(entry, 'boot', 'info', { kernel: boot[1] ?? null })
            return 'recognised'
          }
          const hung = HUNG.exec(text)
          if (hung) {
            facts.addEvent(entry, 'hung-task', 'sign', {
              comm: hung[1] ?? null,
              pid: Number(hung[2]),
              seconds: Number(hung[3]),
            })
            return 'recognised'
          }
          const lockup = LOCKUP.exec(text)
          if (lockup) {
            facts.addEvent(entry, 'soft-lockup', 'sign', { cpu: Number(lockup[1]), seconds: Number(lockup[2]) })
            return 'recognised'
          }
        }
        if (SHUTDOWN.test(text)) {
          facts.addEvent(entry, 'shutdown', 'info')
          return 'recognised'
        }
        if (CLOCK.test(text)) {
          facts.addEvent(entry, 'clock-jump', 'info')
          return 'recognised'
        }
        if (SUPPRESSED.test(text)) {
          facts.addEvent(entry, 'suppressed', 'info')
          return 'recognised'
        }
        return REPEATED.test(text) ? 'context' : null
      },
    }
  },
}
