'use client'

import { Upload } from 'lucide-react'
import { type DragEvent, useId, useRef, useState } from 'react'

interface DropZoneProps {
  onFiles: (files: File[]) => void
  onText: (text: string) => void
}

/** Takes files by dropping or choosing, and pasted text. */
export function DropZone({ onFiles, onText }: DropZoneProps) {
  const input = useRef<HTMLInputElement>(null)
  const inputId = useId()
  const [isOver, setIsOver] = useState(false)
  const onDrop = (event: DragEvent) => {
    event.preventDefault()
    setIsOver(false)
    const files = [...event.dataTransfer.files]
    const text = event.dataTransfer.getData('text/plain')
    if (files.length > 0) onFiles(files)
    else if (text.trim() !== '') onText(text)
  }
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping has the button inside as its equal for keys */}
      <div
        className={isOver ? 'drop over' : 'drop'}
        onDrop={onDrop}
        onDragOver={(event) => {
          event.preventDefault()
          setIsOver(true)
        }}
        onDragLeave={() => setIsOver(false)}
      >
        <Upload className="i" aria-hidden />
        <span className="lead">Drop files here, or paste text</span>
        <p>syslog, dmesg, journalctl (also JSON), sar, vmstat, top, ps, /proc/meminfo; gz, xz, zst, bz2, zip, tar</p>
        <button type="button" className="btn primary big" onClick={() => input.current?.click()}>
          Choose files
        </button>
        <label className="sr" htmlFor={inputId}>
          Log files
        </label>
        <input
          ref={input}
          id={inputId}
          className="sr"
          type="file"
          multiple
          tabIndex={-1}
          onChange={(event) => {
            onFiles([...(event.currentTarget.files ?? [])])
            event.currentTarget.value = ''
          }}
        />
      </div>
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
