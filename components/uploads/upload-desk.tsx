'use client'

import { useRouter } from 'next/navigation'
import { type ClipboardEvent, useEffect, useState } from 'react'
import { Section } from '@/components/ui/section'
import { ConfirmStep } from '@/components/uploads/confirm-step'
import { DropZone } from '@/components/uploads/drop-zone'
import { FileTable } from '@/components/uploads/file-table'
import { takePending } from '@/components/uploads/pending-files'
import type { Choices } from '@/components/uploads/send-file'
import { type DeskFile, useUploadDesk } from '@/components/uploads/use-upload-desk'
import { type Preview, questionsOf } from '@/lib/analysis/preview'
import { routes } from '@/lib/routes'
import { formatBytes } from '@/lib/units'

const NOTHING_SAID: Choices = { year: null, zone: null, host: null }

/** Drop, see what is in it, say what it does not say, send. */
export function UploadDesk({ hosts, limit }: { hosts: string[]; limit: number }) {
  const router = useRouter()
  const desk = useUploadDesk()
  const [choices, setChoices] = useState(NOTHING_SAID)
  const { files, isReady, add } = desk
  const unsent = files.filter((file) => file.sending.state === 'waiting' || file.sending.state === 'refused')
  const isReading = files.some((file) => file.preview === null)
  const isGoing = files.some((file) => file.sending.state === 'going')
  const questions = questionsOf(unsent.flatMap((file) => previewOf(file) ?? []))
  const named = files.flatMap((file) => previewOf(file)?.host ?? [])
  const hasQuestions = questions.year !== null || questions.zone !== null || questions.host

  useEffect(() => {
    const carried = isReady ? takePending() : []
    if (carried.length > 0) add(carried.map(toDeskInput))
  }, [isReady, add])

  const send = async (said: Choices) => {
    const sent = await desk.send(unsent, (file) => choicesFor(file, said))
    const incidents = [...new Set(sent.flatMap((file) => file.incidents.map((incident) => incident.id)))]
    const [only] = incidents
    // What was known already stays on this page, which says so and links to it.
    const isAllNew = sent.length === unsent.length && sent.every((file) => file.isNew)
    if (only && incidents.length === 1 && isAllNew) router.push(routes.incident(only))
  }
  const onPaste = (event: ClipboardEvent) => {
    if (event.target instanceof HTMLTextAreaElement || event.target instanceof HTMLInputElement) return
    const pasted = [...event.clipboardData.files].map(toDeskInput)
    const text = event.clipboardData.getData('text/plain')
    if (pasted.length > 0) desk.add(pasted)
    else if (text.trim() !== '') desk.add([textInput(text)])
  }

  return (
    <div onPaste={onPaste}>
      <Section id="drop" title="1 Drop" hint={`Up to ${formatBytes(limit)} a file, many files at once.`}>
        <DropZone onFiles={(list) => desk.add(list.map(toDeskInput))} onText={(text) => desk.add([textInput(text)])} />
      </Section>
      {files.length > 0 && (
        <Section
          id="recognised"
          title="2 Recognised here"
          hint="Read in your browser. Nothing is sent before you say so."
        >
          <FileTable files={files} onRemove={desk.remove} onCancel={desk.cancel} />
        </Section>
      )}
      {unsent.length > 0 && (
        <Section
          id="send"
          title={hasQuestions ? '3 Confirm and send' : '3 Send'}
          hint={
            hasQuestions
              ? 'Only what the files do not say. You can change it later; everything is timed anew.'
              : undefined
          }
        >
          {hasQuestions && (
            <ConfirmStep
              questions={questions}
              hosts={[...new Set([...named, ...hosts])]}
              suggestedHost={named[0] ?? null}
              choices={choices}
              onChange={setChoices}
            />
          )}
          <div className="actions">
            <button
              type="button"
              className="btn primary big"
              disabled={isReading || isGoing}
              onClick={() => send(choices)}
            >
              {sendWords(unsent, isReading, isGoing)}
            </button>
            {hasQuestions && (
              <span className="small faint">What is left open is assumed, and the incident says so.</span>
            )}
          </div>
        </Section>
      )}
    </div>
  )
}

function sendWords(unsent: readonly DeskFile[], isReading: boolean, isGoing: boolean): string {
  if (isGoing) return 'Sending …'
  if (isReading) return 'Reading …'
  const size = unsent.reduce((total, file) => total + file.blob.size, 0)
  return `Send ${unsent.length} ${unsent.length === 1 ? 'file' : 'files'}, ${formatBytes(size)}`
}

/** What was said holds for a file only where the file does not say it itself. */
function choicesFor(file: DeskFile, said: Choices): Choices {
  const preview = previewOf(file)
  if (!preview) return said
  const own = questionsOf([preview])
  return {
    year: own.year ? said.year : null,
    zone: own.zone ? said.zone : null,
    host: preview.host === null ? said.host : null,
  }
}

function previewOf(file: DeskFile): Preview | null {
  return typeof file.preview === 'object' ? file.preview : null
}

function toDeskInput(file: File) {
  return { blob: file, name: file.name, modifiedAt: file.lastModified || null }
}

function textInput(text: string) {
  return { blob: new Blob([text], { type: 'text/plain' }), name: 'pasted.txt', modifiedAt: null }
}
