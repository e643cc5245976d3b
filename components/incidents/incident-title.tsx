import { Fragment } from 'react'
import { Sentence } from '@/components/ui/sentence'
import type { Explanation } from '@/lib/incidents/incident'

/** "mysqld and 3 more killed on mail: swap used up, largest process not in this log"; what is not known is set paler. */
export function IncidentTitle({ title }: { title: Explanation['title'] }) {
  const [first, ...others] = title.rest
  return (
    <h1>
      <span className="ln">
        <Sentence of={title.lead} />
        {first && ':'}
      </span>{' '}
      {first && (
        <span className="ln">
          <Sentence of={first} />
          {others.map((part) => (
            <Fragment key={part.key}>
              {', '}
              <span className={isUnknown(part.key) ? 'q' : undefined}>
                <Sentence of={part} />
              </span>
            </Fragment>
          ))}
        </span>
      )}
    </h1>
  )
}

function isUnknown(key: string): boolean {
  return key.endsWith('unknown') || key.endsWith('no-figures')
}
