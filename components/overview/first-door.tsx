'use client'

import { Upload } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { type DragEvent, useId, useRef, useState } from 'react'
import { keepForUpload } from '@/components/uploads/pending-files'
import { routes } from '@/lib/routes'

/** Takes files right here and carries them to the upload page, where they are shown before they are sent. */
export function FirstDoor() {
  const router = useRouter()
  const input = useRef<HTMLInputElement>(null)
  const inputId = useId()
  const [isOver, setIsOver] = useState(false)
  const carry = (files: File[]) => {
    keepForUpload(files)
    router.push(routes.upload())
  }
  const onDrop = (event: DragEvent) => {
    event.preventDefault()
    carry([...event.dataTransfer.files])
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
      <span className="lead">Drop files here</span>
      <p>
        or <a href={routes.upload()}>paste text on the upload page</a>
      </p>
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
        onChange={(event) => carry([...(event.currentTarget.files ?? [])])}
      />
    </div>
  )
}
