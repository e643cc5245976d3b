'use client'

import { Upload } from 'lucide-react'
import { type DragEvent, type ReactNode, useId, useRef, useState } from 'react'

interface DropTargetProps {
  lead: string
  /** What stands under the lead. */
  children: ReactNode
  onFiles: (files: File[]) => void
  /** Text dragged in from another window; without it only files are taken. */
  onText?: (text: string) => void
}

/** A field to drop files on, with a button that chooses them instead. */
export function DropTarget({ lead, children, onFiles, onText }: DropTargetProps) {
  const input = useRef<HTMLInputElement>(null)
  const inputId = useId()
  const [isOver, setIsOver] = useState(false)
  const onDrop = (event: DragEvent) => {
    event.preventDefault()
    setIsOver(false)
    const files = [...event.dataTransfer.files]
    const text = event.dataTransfer.getData('text/plain')
    if (files.length > 0) onFiles(files)
    else if (text.trim() !== '') onText?.(text)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping has the button inside as its equal for keys
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
      <span className="lead">{lead}</span>
      <p>{children}</p>
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
  )
}
