import { TriangleAlert } from 'lucide-react'
import { CopyLine } from '@/components/ui/copy-line'
import { Sentence } from '@/components/ui/sentence'
import type { Advice } from '@/lib/findings/advice'

/** Steps a person can take, each with effect, risk and the way back; warnings of other people's advice last. */
export function AdviceList({ steps }: { steps: readonly Advice[] }) {
  return (
    <ol className="adv">
      {steps.map((step, index) => (
        <li key={step.code}>
          {step.isWarning ? (
            <TriangleAlert className="i i-warn" aria-label="Leave it out" />
          ) : (
            <span className="faint">{index + 1}</span>
          )}
          <div>
            <h3>
              <Sentence of={step.title} />
            </h3>
            <p>
              <Sentence of={step.why} />
            </p>
            {step.command && <CopyLine text={step.command} label="Copy command" />}
          </div>
          <dl>
            <dt>Effect</dt>
            <dd>
              <Sentence of={step.effect} />
            </dd>
            <dt>Risk</dt>
            <dd>
              <Sentence of={step.risk} />
            </dd>
            <dt>Undo</dt>
            <dd>
              <Sentence of={step.undo} />
            </dd>
            {step.doc && (
              <>
                <dt>More</dt>
                <dd>
                  <a href={step.doc.href} rel="noreferrer">
                    {step.doc.name}
                  </a>
                </dd>
              </>
            )}
          </dl>
        </li>
      ))}
    </ol>
  )
}
