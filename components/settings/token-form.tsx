'use client'

import type { FormEvent } from 'react'
import { useMade } from '@/components/settings/use-made'
import { CopyLine } from '@/components/ui/copy-line'
import { Problem } from '@/components/ui/problem'

const SCOPES = [
  { scope: 'ingest', words: 'Send logs and samples' },
  { scope: 'read', words: 'Read incidents and hosts' },
  { scope: 'admin', words: 'Everything an administrator may' },
] as const

/** Makes a token; its secret is shown this once, with the line that uses it. */
export function TokenForm({ origin }: { origin: string }) {
  const {
    value: made,
    problem,
    isBusy,
    make,
  } = useMade<{ secret: string; token: { host: string | null } }>('/api/v1/tokens')
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const fields = new FormData(event.currentTarget)
    const days = String(fields.get('days') ?? '')
    void make(event.currentTarget, {
      name: fields.get('name'),
      scopes: [fields.get('scope')],
      host: String(fields.get('host') ?? '').trim() || null,
      days: days === '' ? null : Number(days),
    })
  }
  return (
    <>
      <form onSubmit={onSubmit}>
        <div className="formrow">
          <div className="field">
            <label htmlFor="token-name">Name</label>
            <input
              className="input"
              id="token-name"
              name="name"
              required
              maxLength={100}
              placeholder="What it is for"
            />
          </div>
          <div className="field">
            <label htmlFor="token-scope">May</label>
            <select className="input" id="token-scope" name="scope" defaultValue="ingest">
              {SCOPES.map(({ scope, words }) => (
                <option key={scope} value={scope}>
                  {words}
                </option>
              ))}
            </select>
          </div>
          <div className="field">
            <label htmlFor="token-host">Only for host</label>
            <input className="input" id="token-host" name="host" placeholder="any, or web-*" />
          </div>
          <div className="field">
            <label htmlFor="token-days">Expires</label>
            <select className="input" id="token-days" name="days" defaultValue="">
              <option value="">never</option>
              <option value="30">in 30 days</option>
              <option value="365">in a year</option>
            </select>
          </div>
          <button type="submit" className="btn primary" disabled={isBusy}>
            {isBusy ? 'Making …' : 'Make a token'}
          </button>
        </div>
      </form>
      <Problem words={problem} />
      {made && <NewToken secret={made.secret} host={made.token.host} origin={origin} />}
    </>
  )
}

function NewToken({ secret, host, origin }: { secret: string; host: string | null; origin: string }) {
  // A pattern names no machine: the host says which of them it is.
  const name = host === null || host.includes('*') ? '$(hostname)' : host
  const command = `dmesg | curl -sT - -H "Authorization: Bearer ${secret}" "${origin}/api/v1/logs?host=${name}"`
  return (
    <div className="newtoken" role="status">
      <p>
        <b>The new token, shown this once:</b>
      </p>
      <CopyLine text={secret} label="Copy token" />
      <p className="hint">Try it on a host; the answer is the link of the incident, or says that there is none:</p>
      <CopyLine text={command} label="Copy command" />
    </div>
  )
}
