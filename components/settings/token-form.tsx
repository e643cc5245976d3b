'use client'

import { useRouter } from 'next/navigation'
import { type FormEvent, useState } from 'react'
import { CopyLine } from '@/components/ui/copy-line'
import { Problem } from '@/components/ui/problem'
import { send } from '@/components/ui/send'

const SCOPES = [
  { scope: 'ingest', words: 'Send logs and samples' },
  { scope: 'read', words: 'Read incidents and hosts' },
  { scope: 'admin', words: 'Everything an administrator may' },
] as const

/** Makes a token; its secret is shown this once, with the line that uses it. */
export function TokenForm({ origin }: { origin: string }) {
  const router = useRouter()
  const [state, setState] = useState<'idle' | 'busy' | { problem: string } | { secret: string; host: string | null }>(
    'idle',
  )
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const fields = new FormData(form)
    const host = String(fields.get('host') ?? '').trim() || null
    const days = String(fields.get('days') ?? '')
    setState('busy')
    const answer = await send<{ secret: string }>('POST', '/api/v1/tokens', {
      name: fields.get('name'),
      scopes: [fields.get('scope')],
      host,
      days: days === '' ? null : Number(days),
    })
    setState(answer.isOk ? { secret: answer.value.secret, host } : { problem: answer.words })
    if (!answer.isOk) return
    form.reset()
    router.refresh()
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
          <button type="submit" className="btn primary" disabled={state === 'busy'}>
            {state === 'busy' ? 'Making …' : 'Make a token'}
          </button>
        </div>
      </form>
      {typeof state === 'object' && 'problem' in state && <Problem words={state.problem} />}
      {typeof state === 'object' && 'secret' in state && (
        <NewToken secret={state.secret} host={state.host} origin={origin} />
      )}
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
