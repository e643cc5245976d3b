'use client'

import { useState } from 'react'
import { CopyButton } from '@/components/ui/copy-button'

/** A sender that can be pointed here, as lib/ingest/protocols/guide.ts lists it. */
export interface SenderRow {
  name: string
  protocol: string
  gives: string
  versionSeen: string | null
  tested: string
  file: string
  configuration: string
  remark: string | null
}

interface SenderListProps {
  /** The line that installs our own agent. */
  install: string
  senders: readonly SenderRow[]
  placeholder: string
}

/** Our agent and every other sender with the lines to copy; a token typed in is filled in here and sent nowhere. */
export function SenderList({ install, senders, placeholder }: SenderListProps) {
  const [token, setToken] = useState('')
  const fill = (text: string) => (token === '' ? text : text.replaceAll(placeholder, token))
  return (
    <>
      <div className="formrow">
        <div className="field">
          <label htmlFor="agent-token">Token to fill in</label>
          <input
            className="input"
            id="agent-token"
            value={token}
            onChange={(event) => setToken(event.currentTarget.value.trim())}
            placeholder={placeholder}
            autoComplete="off"
            spellCheck={false}
          />
          <p className="hint">Stays on this page.</p>
        </div>
      </div>
      <details className="sender" open>
        <summary>
          <b>oomscope’s agent</b> · kernel log; memory, swap, pressure; processes; cgroups
        </summary>
        <p className="hint">
          One shell script with sh, awk and curl or wget. It looks every 10 seconds and keeps what it could not send.
        </p>
        <pre className="cmd">{fill(install)}</pre>
        <CopyButton text={fill(install)} label="Copy" />
        <p className="hint">docs/agent.md says what it reads, what it costs and how to remove it.</p>
      </details>
      {senders.map((sender) => (
        <details className="sender" key={`${sender.protocol} ${sender.name}`}>
          <summary>
            <b>{sender.name}</b> · {sender.gives}
          </summary>
          <p className="hint">
            {sender.protocol}
            {sender.versionSeen === null ? '' : `, version ${sender.versionSeen} seen`}; tested with {sender.tested}
          </p>
          <p>
            <code>{sender.file}</code>
          </p>
          <pre className="cmd">{fill(sender.configuration)}</pre>
          <CopyButton text={fill(sender.configuration)} label="Copy" />
          {sender.remark !== null && <p className="hint">{sender.remark}</p>}
        </details>
      ))}
    </>
  )
}
