'use client'

import { useId } from 'react'
import type { Choices } from '@/components/uploads/send-file'
import type { Questions } from '@/lib/analysis/preview'
import { isKnownZone } from '@/lib/charts/clock'
import { visibleText } from '@/lib/text/visible'

interface ConfirmStepProps {
  questions: Questions
  /** Hosts already known. */
  hosts: string[]
  /** Named by another of the files. */
  suggestedHost: string | null
  choices: Choices
  onChange: (choices: Choices) => void
}

/** Asks only for what the files do not say; whatever is left open is assumed. */
export function ConfirmStep({ questions, hosts, suggestedHost, choices, onChange }: ConfirmStepProps) {
  const id = useId()
  const browserZone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const zones = [...new Set(['UTC', browserZone, ...(Intl.supportedValuesOf?.('timeZone') ?? [])])]
  const isZoneWrong = choices.zone !== null && !isKnownZone(choices.zone)
  const said = (text: string) => (text.trim() === '' ? null : text.trim())
  return (
    <div className="confirm">
      {questions.year && (
        <div className="field">
          <label htmlFor={`${id}-year`}>Year</label>
          <input
            className="input"
            id={`${id}-year`}
            inputMode="numeric"
            pattern="[0-9]{4}"
            maxLength={4}
            value={choices.year ?? ''}
            placeholder={questions.year.value}
            onChange={(event) => onChange({ ...choices, year: said(event.currentTarget.value) })}
          />
          <p className="hint">
            Left empty: {questions.year.value}, {questions.year.why}.
          </p>
        </div>
      )}
      {questions.zone && (
        <div className="field">
          <label htmlFor={`${id}-zone`}>Time zone of the log</label>
          <input
            className="input"
            id={`${id}-zone`}
            list={`${id}-zones`}
            value={choices.zone ?? ''}
            placeholder={questions.zone.value}
            aria-invalid={isZoneWrong}
            onChange={(event) => onChange({ ...choices, zone: said(event.currentTarget.value) })}
          />
          <datalist id={`${id}-zones`}>
            {zones.map((zone) => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
          <p className="hint">
            {isZoneWrong ? 'This is not a time zone, such as Europe/Berlin. ' : ''}
            Left empty: {questions.zone.value}.{' '}
            <button type="button" className="textlink" onClick={() => onChange({ ...choices, zone: browserZone })}>
              Use {browserZone}, this browser’s
            </button>
          </p>
        </div>
      )}
      {questions.host && (
        <div className="field">
          <label htmlFor={`${id}-host`}>Host</label>
          <input
            className="input"
            id={`${id}-host`}
            list={`${id}-hosts`}
            value={choices.host ?? ''}
            placeholder="Name of the machine"
            onChange={(event) => onChange({ ...choices, host: said(event.currentTarget.value) })}
          />
          <datalist id={`${id}-hosts`}>
            {hosts.map((host) => (
              <option key={host} value={host} />
            ))}
          </datalist>
          <p className="hint">
            No line of one file names the machine. Left empty, it stays unnamed.{' '}
            {suggestedHost && (
              <button type="button" className="textlink" onClick={() => onChange({ ...choices, host: suggestedHost })}>
                Use {visibleText(suggestedHost)}, named in another file
              </button>
            )}
          </p>
        </div>
      )}
    </div>
  )
}
