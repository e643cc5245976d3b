'use client'

import { useId, useState } from 'react'
import { DropTarget } from '@/components/uploads/drop-target'

interface DropZoneProps {
  onFiles: (files: File[]) => void
  onText: (text: string) => void
}

/** Takes files by dropping or choosing, and pasted text. */
export function DropZone({ onFiles, onText }: DropZoneProps) {
  return (
    <>
      <DropTarget lead="Drop files here, or paste text" onFiles={onFiles} onText={onText}>
        syslog, dmesg, journalctl (also JSON), sar, vmstat, top, ps, /proc/meminfo; gz, xz, zst, bz2, zip, tar
      </DropTarget>
      <PasteBox onText={onText} />
    </>
  )
}

function PasteBox({ onText }: { onText: (text: string) => void }) {
  const [text, setText] = useState('')
  const fieldId = useId()
  return (
    <details className="pastebox">
      <summary>Paste text instead</summary>
      <div className="field">
        <label htmlFor={fieldId}>Text of a log</label>
        <textarea
          className="input mono"
          id={fieldId}
          value={text}
          rows={8}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <button
          type="button"
          className="btn"
          disabled={text.trim() === ''}
          onClick={() => {
            onText(text)
            setText('')
          }}
        >
          Read it
        </button>
      </div>
    </details>
  )
}
