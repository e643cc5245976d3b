import { Upload } from 'lucide-react'
import Link from 'next/link'
import { SampleButton } from '@/components/overview/sample-button'
import { CopyButton } from '@/components/ui/copy-button'
import { routes } from '@/lib/routes'

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
        <div className="drop">
          <Upload className="i" aria-hidden />
          <span className="lead">Drop or paste it</span>
          <p>on the upload page, many files at once</p>
          <Link className="btn primary big" href={routes.upload()}>
            Choose files
          </Link>
        </div>
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
        <p className="faint small">Marked as samples, kept apart from your own figures, removed with one click.</p>
        <div className="foot">
          <SampleButton />
        </div>
      </div>
    </section>
  )
}
