'use client'

import { useCallback, useEffect, useRef, useState } from 'react'
import type { Recognise, Recognised } from '@/components/uploads/recognise.worker'
import { type Choices, type SentFile, sendFile } from '@/components/uploads/send-file'
import type { Preview } from '@/lib/analysis/preview'

/** One file on its way from the disk to its receipt. */
export interface DeskFile {
  id: number
  blob: Blob
  name: string
  modifiedAt: number | null
  /** Null while it is being read here; a word where only the server can read it. */
  preview: Preview | 'packed' | 'failed' | null
  sending: SendingState
}

export type SendingState =
  | { state: 'waiting' }
  | { state: 'going'; share: number }
  | { state: 'sent'; sent: SentFile }
  | { state: 'refused'; words: string }

/** Sent at once; more would only share the same line. */
const PARALLEL = 2

/** The files a person put on the upload page: recognised in a worker, sent on request, each with its own outcome. */
export function useUploadDesk() {
  const [files, setFiles] = useState<DeskFile[]>([])
  const [isReady, setIsReady] = useState(false)
  const nextId = useRef(1)
  const worker = useRef<Worker | null>(null)
  const aborts = useRef(new Map<number, AbortController>())

  const change = useCallback((id: number, changes: Partial<DeskFile>) => {
    setFiles((known) => known.map((file) => (file.id === id ? { ...file, ...changes } : file)))
  }, [])

  useEffect(() => {
    const started = new Worker(new URL('./recognise.worker.ts', import.meta.url), { type: 'module' })
    started.addEventListener('message', (event: MessageEvent<Recognised>) => {
      const answer = event.data
      change(answer.id, { preview: answer.state === 'recognised' ? answer.preview : answer.state })
    })
    worker.current = started
    setIsReady(true)
    return () => started.terminate()
  }, [change])

  const add = useCallback((added: { blob: Blob; name: string; modifiedAt: number | null }[]) => {
    const entries = added.map((file): DeskFile => {
      const id = nextId.current
      nextId.current += 1
      return { ...file, id, preview: null, sending: { state: 'waiting' } }
    })
    setFiles((known) => [...known, ...entries])
    for (const { id, blob, name, modifiedAt } of entries) {
      const request: Recognise = { id, file: blob, name, modifiedAt, receivedAt: Date.now() }
      worker.current?.postMessage(request)
    }
  }, [])

  const remove = useCallback((id: number) => {
    aborts.current.get(id)?.abort()
    setFiles((known) => known.filter((file) => file.id !== id))
  }, [])

  const cancel = useCallback((id: number) => aborts.current.get(id)?.abort(), [])

  /** @param choicesFor what was said about a file that does not say it itself */
  const send = useCallback(
    async (waiting: readonly DeskFile[], choicesFor: (file: DeskFile) => Choices): Promise<SentFile[]> => {
      const queue = [...waiting]
      const done: SentFile[] = []
      const sendNext = async (): Promise<void> => {
        const file = queue.shift()
        if (!file) return
        const abort = new AbortController()
        aborts.current.set(file.id, abort)
        change(file.id, { sending: { state: 'going', share: 0 } })
        const outcome = await sendFile(file, choicesFor(file), {
          signal: abort.signal,
          onProgress: (share) => change(file.id, { sending: { state: 'going', share } }),
        })
        aborts.current.delete(file.id)
        if (outcome.isOk) done.push(outcome.sent)
        change(file.id, {
          sending: outcome.isOk ? { state: 'sent', sent: outcome.sent } : { state: 'refused', words: outcome.words },
        })
        return sendNext()
      }
      await Promise.all(Array.from({ length: PARALLEL }, sendNext))
      return done
    },
    [change],
  )

  return { files, isReady, add, remove, cancel, send }
}
