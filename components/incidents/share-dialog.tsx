'use client'

import { Share, X } from 'lucide-react'
import { useRef, useState } from 'react'
import { CopyButton } from '@/components/ui/copy-button'
import { Problem } from '@/components/ui/problem'
import { send } from '@/components/ui/send'
import { formatDayTime } from '@/lib/charts/clock'
import { routes } from '@/lib/routes'

const EXPIRIES = [1, 7, 30] as const

/** Answer of the API: `url` is told this once. */
interface Created {
  link: { id: string; expiresAt: number }
  url: string
}

interface ShareDialogProps {
  incidentId: string
  /** Address others would use, e.g. `http://127.0.0.1:3000`. */
  origin: string
  /** False while the server listens on this machine only. */
  isReachable: boolean
}

/** Makes a link that opens without an account; says first whether others can reach this server at all. */
export function ShareDialog({ incidentId, origin, isReachable }: ShareDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  return (
    <>
      <button type="button" className="btn primary" onClick={() => dialog.current?.showModal()}>
        <Share className="i" aria-hidden />
        Share
      </button>
      <dialog ref={dialog} className="dialog" aria-labelledby="share-title">
        <h2 id="share-title">
          Share this incident
          <button type="button" className="btn plain icon" onClick={() => dialog.current?.close()} aria-label="Close">
            <X className="i" aria-hidden />
          </button>
        </h2>
        <p className="dim small">A frozen copy that opens without an account. Later changes do not show.</p>
        {!isReachable && (
          <p className="note">
            <span>
              oomscope listens on this machine only ({origin}), so nobody else can open the link. Start it with{' '}
              <code>HOST=0.0.0.0</code> and <code>PUBLIC_URL=http://the-name-others-use:3000</code> to change that.
            </span>
          </p>
        )}
        <ShareForm incidentId={incidentId} />
      </dialog>
    </>
  )
}

function ShareForm({ incidentId }: { incidentId: string }) {
  const [days, setDays] = useState<number>(7)
  const [isRedacted, setRedacted] = useState(true)
  const [state, setState] = useState<'form' | 'busy' | 'revoked' | { problem: string } | { created: Created }>('form')

  const create = async () => {
    setState('busy')
    const answer = await send<Created>('POST', `/api/v1/incidents/${encodeURIComponent(incidentId)}/shares`, {
      days,
      redact: isRedacted,
    })
    setState(answer.isOk ? { created: answer.value } : { problem: answer.words })
  }
  const revoke = async (id: string) => {
    const answer = await send('DELETE', `/api/v1/shares/${encodeURIComponent(id)}`)
    setState(answer.isOk ? 'revoked' : { problem: answer.words })
  }

  if (typeof state === 'object' && 'created' in state) {
    return <CreatedLink created={state.created} onRevoke={() => revoke(state.created.link.id)} />
  }
  return (
    <>
      <fieldset className="field">
        <legend>Expires in</legend>
        <div className="seg radios">
          {EXPIRIES.map((each) => (
            <label key={each} className={each === days ? 'on' : undefined}>
              <input type="radio" name="expiry" className="sr" checked={each === days} onChange={() => setDays(each)} />
              {each} {each === 1 ? 'day' : 'days'}
            </label>
          ))}
        </div>
      </fieldset>
      <div className="field">
        <label>
          <input type="checkbox" checked={isRedacted} onChange={(event) => setRedacted(event.currentTarget.checked)} />{' '}
          Hide names
        </label>
        <p className="hint">
          {isRedacted
            ? 'Hosts, addresses, e-mails, users, paths, command lines, ids, services and programs of your own become aliases such as host-1, in raw lines and notes too. Well-known programs (mysqld, java) keep their names. Names in free text that look like any other word are not recognised: look at the preview.'
            : 'It shows host names, process names, notes and the raw lines of this incident as they are.'}
        </p>
      </div>
      <p className="hint">Nothing else can be reached through it.</p>
      <div className="dialogfoot">
        <a className="btn" href={routes.sharePreview(incidentId, isRedacted)} target="_blank" rel="noreferrer">
          See what they will see
        </a>
        <button type="button" className="btn primary" onClick={create} disabled={state === 'busy'}>
          {state === 'busy' ? 'Making …' : 'Make the link'}
        </button>
        {state === 'revoked' && <span role="status">The link was revoked and opens nothing any more.</span>}
      </div>
      {typeof state === 'object' && <Problem words={state.problem} />}
    </>
  )
}

function CreatedLink({ created, onRevoke }: { created: Created; onRevoke: () => void }) {
  const { link, url } = created
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  return (
    <>
      <div className="field">
        <label htmlFor="share-link">Link</label>
        <div className="inrow">
          <input
            className="input"
            id="share-link"
            readOnly
            value={url}
            onFocus={(event) => event.currentTarget.select()}
          />
          <CopyButton text={url} label="Copy link" />
        </div>
        <p className="hint">It is shown this once. Expires {formatDayTime(link.expiresAt, zone)}, your time.</p>
      </div>
      <div className="dialogfoot">
        <a className="btn" href={url} target="_blank" rel="noreferrer">
          Open it
        </a>
        <button type="button" className="btn plain" onClick={onRevoke}>
          Revoke
        </button>
        <a className="small" href={routes.shares()}>
          All shared links
        </a>
      </div>
    </>
  )
}
