import Link from 'next/link'
import { SmallRuler } from '@/components/charts/ruler'
import { FirstDoor } from '@/components/overview/first-door'
import { SampleButton } from '@/components/overview/sample-button'
import { CopyButton } from '@/components/ui/copy-button'
import { routes } from '@/lib/routes'

/** Kills of the founding incident, mail, 2 November 2007. */
const SAMPLE_KILLS = ['14:11:02', '14:55:51', '14:55:52', '17:06:25'].map((time) => Date.parse(`2007-11-02T${time}Z`))

/** The empty state: three ways to begin. */
export function Doors({ origin }: { origin: string }) {
  const command = `dmesg | curl -sT - -H "Authorization: Bearer $TOKEN" "${origin}/api/v1/logs?host=$(hostname)"`
  return (
    <section className="doors" aria-label="Ways to begin">
      <div className="door">
        <h2>Drop a log</h2>
        <p>
          syslog, dmesg, journalctl or kern.log, also packed. It is read here in the browser first; nothing is sent
          until you say so.
        </p>
        <FirstDoor />
      </div>
      <div className="door">
        <h2>Send it from the host</h2>
        <p>The kernel log in one line; the answer is the incident’s link. Run on the host:</p>
        <pre className="cmd">{command}</pre>
        <p className="faint small">
          <Link href={routes.tokens()}>Make a token</Link> first. It is shown once and may be bound to one host.
        </p>
        <div className="foot">
          <CopyButton text={command} label="Copy command" />
        </div>
      </div>
      <div className="door">
        <h2>Open the samples</h2>
        <p>
          A mail server, November 2007: four kills in three hours, and the log does not say who held the memory. And a
          recorded test run on a machine of today, with its curves.
        </p>
        <div className="doorruler">
          <SmallRuler times={SAMPLE_KILLS} zone="UTC" />
        </div>
        <p className="faint small">Marked as samples, kept apart from your own figures, removed with one click.</p>
        <div className="foot">
          <SampleButton />
        </div>
      </div>
    </section>
  )
}
