import { Evidence, type LineLinks } from '@/components/incidents/evidence'
import { ExplainedSentence, Sentence } from '@/components/ui/sentence'
import type { Advice } from '@/lib/findings/advice'
import type { Finding } from '@/lib/incidents/incident'

const MOST_REASONS = 5

const MOST_STEPS = 2

/** What happened and why, most telling first; every statement links to the lines it rests on. Then what to do first. */
export function Why({
  findings,
  steps,
  links,
  zone,
}: {
  findings: readonly Finding[]
  steps: readonly Advice[]
  links: LineLinks
  zone: string
}) {
  const shown = findings.slice(0, MOST_REASONS)
  const rest = findings.slice(MOST_REASONS)
  return (
    <div className="why">
      <h2>Why</h2>
      <ol>
        {shown.map((finding) => (
          <Reason key={finding.code} finding={finding} links={links} zone={zone} />
        ))}
      </ol>
      {rest.length > 0 && (
        <details>
          <summary>{rest.length} more</summary>
          <ol start={MOST_REASONS + 1}>
            {rest.map((finding) => (
              <Reason key={finding.code} finding={finding} links={links} zone={zone} />
            ))}
          </ol>
        </details>
      )}
      {findings.length === 0 && <p className="dim">The log gives no reason.</p>}
      {steps.length > 0 && (
        <p className="why-next">
          <strong>What to do</strong>
          {steps.slice(0, MOST_STEPS).map((step) => (
            <a key={step.code} href="#advice">
              <Sentence of={step.title} />
            </a>
          ))}
        </p>
      )}
    </div>
  )
}

function Reason({ finding, links, zone }: { finding: Finding; links: LineLinks; zone: string }) {
  const isCited = (line: number) => finding.evidence.some((range) => range.from <= line && line <= range.to)
  const against = finding.counterEvidence.filter((range) => !isCited(range.from))
  return (
    <li>
      <span>
        <strong>
          <ExplainedSentence of={finding.headline} zone={zone} />
        </strong>{' '}
        {finding.detail && (
          <>
            <ExplainedSentence of={finding.detail} zone={zone} />{' '}
          </>
        )}
        <Evidence ranges={finding.evidence} links={links} />
        {finding.sampled && (
          <a className="ev" href="#chart">
            samples
          </a>
        )}
        {against.length > 0 && (
          <span className="counter">
            {' '}
            but see <Evidence ranges={against} links={links} />
          </span>
        )}
      </span>
    </li>
  )
}
