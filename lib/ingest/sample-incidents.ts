import type { NoteDraft } from '@/lib/db/notes'
import type { UploadDescription } from '@/lib/db/upload-bytes'

/** A file of public/samples and what is known about it. */
type SampleFile = Pick<UploadDescription, 'name' | 'host' | 'zone' | 'year' | 'arrivedAt'>

/**
 * The incidents a new user can look at before there are any of their own: a mail server in 2007 with what its
 * administrator found out later, and a cgroup kill in 2026 with log and curves. Their hosts have names that no machine
 * has, so that they never mix with what a person sends.
 */
export const SAMPLE_FILES: SampleFile[] = [
  {
    name: 'mail-2007.log',
    host: 'mail (sample)',
    zone: null,
    // A dated name in the administrator's account (amavis-20071102T233954) gives the year; the log itself has none.
    year: 2007,
    arrivedAt: null,
  },
  { name: 'orders-2026.sadf.json', host: 'db-prod-01 (sample)', zone: null, year: null, arrivedAt: null },
  {
    name: 'orders-2026.dmesg.txt',
    host: 'db-prod-01 (sample)',
    zone: null,
    year: null,
    // The log counts seconds since boot. By the swap counters of the same run its last line, 1142.54 s, is this second.
    arrivedAt: Date.UTC(2026, 10, 24, 2, 42, 25),
  },
]

type SampleNote = Omit<NoteDraft, 'incidentId' | 'authorId'>

const ADMINISTRATOR = 'the administrator, later'

export const SAMPLE_NOTES: Record<string, SampleNote[]> = {
  'mail-2007.log': [
    {
      author: ADMINISTRATOR,
      at: Date.UTC(2007, 10, 2, 17, 30),
      isAtUncertain: true,
      isOtherBoot: false,
      text: 'The machine still answered ping, but nobody could log in. It had to be reset.',
    },
    {
      author: ADMINISTRATOR,
      at: Date.UTC(2007, 10, 2, 23, 39, 54),
      isAtUncertain: true,
      isOtherBoot: true,
      text: 'After the reboot memory went fast again. top, ps -ef --forest and lsof showed five clamscan processes, started by amavisd-new, stuck scanning a temporary directory (amavis-20071102T233954-03978) full of small files.',
    },
    {
      author: ADMINISTRATOR,
      at: null,
      isAtUncertain: true,
      isOtherBoot: true,
      text: 'The small files were error mails of an mrtg cron job that ran every five minutes. Stopping the services did not end the processes; killing them, emptying the directory and disabling the cron job did.',
    },
    {
      author: ADMINISTRATOR,
      at: null,
      isAtUncertain: true,
      isOtherBoot: true,
      text: 'Advice written down then: more RAM, and sysctl vm.oom-kill = 0 to turn the OOM killer off. Everything had been visible beforehand in the monitoring and the logs, and was ignored.',
    },
  ],
  'orders-2026.dmesg.txt': [
    {
      author: 'oomscope',
      at: Date.UTC(2026, 10, 24, 2, 42, 20),
      isAtUncertain: false,
      isOtherBoot: false,
      text: 'A synthetic load, recorded on a test machine: a small program named java grows in a control group limited to 300 MiB. The kernel log counts seconds since boot only; its second 1142 was set to 02:42:25 UTC by the swap counters of the same run, give or take one second.',
    },
  ],
}
