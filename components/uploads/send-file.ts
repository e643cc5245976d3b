import { problemWords } from '@/components/ui/send'

/** What a person said about files that do not say it themselves; null: leave it to the file. */
export interface Choices {
  year: string | null
  zone: string | null
  host: string | null
}

export interface SentFile {
  uploadId: string
  /** Of its receipt. */
  url: string
  /** False when the same bytes were sent before. */
  isNew: boolean
  isRead: boolean
  incidents: { id: string; title: string; kills: number }[]
}

export type SendOutcome = { isOk: true; sent: SentFile } | { isOk: false; words: string }

/** Sends one file, telling progress as a share of 1. XHR, because fetch tells nothing about bytes going up. */
export function sendFile(
  file: { blob: Blob; name: string; modifiedAt: number | null },
  choices: Choices,
  { onProgress, signal }: { onProgress: (share: number) => void; signal: AbortSignal },
): Promise<SendOutcome> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest()
    request.open('POST', `/api/v1/logs?${searchFor(file, choices)}`)
    request.setRequestHeader('accept', 'application/json')
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.upload.addEventListener('progress', (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total)
    })
    request.addEventListener('load', () => resolve(outcomeOf(request.status, request.responseText)))
    request.addEventListener('error', () => resolve({ isOk: false, words: 'The connection broke. Send it again.' }))
    request.addEventListener('abort', () => resolve({ isOk: false, words: 'Cancelled. Nothing was kept.' }))
    signal.addEventListener('abort', () => request.abort(), { once: true })
    request.send(file.blob)
  })
}

function searchFor(file: { name: string; modifiedAt: number | null }, choices: Choices): string {
  const search = new URLSearchParams({ name: file.name.slice(0, 255) })
  if (file.modifiedAt !== null) search.set('modified', String(file.modifiedAt))
  if (choices.host) search.set('host', choices.host)
  if (choices.zone) search.set('tz', choices.zone)
  if (choices.year) search.set('year', choices.year)
  return search.toString()
}

function outcomeOf(status: number, text: string): SendOutcome {
  if (status < 200 || status > 299) return { isOk: false, words: problemWords(text, status) }
  // The contract of POST /api/v1/logs.
  const answer = JSON.parse(text) as {
    upload: { id: string; state: string; url: string; isNew: boolean }
    incidents: SentFile['incidents']
  }
  return {
    isOk: true,
    sent: {
      uploadId: answer.upload.id,
      url: answer.upload.url,
      isNew: answer.upload.isNew,
      isRead: answer.upload.state === 'read',
      incidents: answer.incidents,
    },
  }
}
