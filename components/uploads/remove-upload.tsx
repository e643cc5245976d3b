'use client'

import { Trash2 } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useRef, useState } from 'react'
import { Problem } from '@/components/ui/problem'
import { send } from '@/components/ui/send'
import { routes } from '@/lib/routes'

/** Deletes an upload after asking once. */
export function RemoveUpload({ uploadId, name }: { uploadId: string; name: string }) {
  const router = useRouter()
  const dialog = useRef<HTMLDialogElement>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const remove = async () => {
    const answer = await send('DELETE', `/api/v1/uploads/${encodeURIComponent(uploadId)}`)
    if (answer.isOk) router.push(routes.upload())
    else setProblem(answer.words)
  }
  return (
    <>
      <button type="button" className="btn plain" onClick={() => dialog.current?.showModal()}>
        <Trash2 className="i" aria-hidden />
        Delete
      </button>
      <dialog ref={dialog} className="dialog" aria-labelledby="remove-title">
        <h2 id="remove-title">Delete this upload?</h2>
        <p className="dim small">
          <bdi className="name">{name}</bdi> and every kill, report and sample that no other upload tells of. Links that
          were shared keep what they showed.
        </p>
        <Problem words={problem} />
        <div className="dialogfoot">
          <button type="button" className="btn primary" onClick={remove}>
            Delete
          </button>
          <button type="button" className="btn" onClick={() => dialog.current?.close()}>
            Keep it
          </button>
        </div>
      </dialog>
    </>
  )
}
