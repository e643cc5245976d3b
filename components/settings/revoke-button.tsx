'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { send } from '@/components/ui/send'

/** Ends a token or a shared link at once. `url` is its address in the API. */
export function RevokeButton({ url, name }: { url: string; name: string }) {
  const router = useRouter()
  const [problem, setProblem] = useState<string | null>(null)
  const revoke = async () => {
    const answer = await send('DELETE', url)
    setProblem(answer.isOk ? null : answer.words)
    if (answer.isOk) router.refresh()
  }
  return (
    <>
      <button type="button" className="btn plain" onClick={revoke} aria-label={`Revoke ${name}`}>
        Revoke
      </button>
      {problem && (
        <span className="formerror" role="alert">
          {problem}
        </span>
      )}
    </>
  )
}
