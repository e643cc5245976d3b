'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { send } from '@/components/ui/send'

/** Ends something at once: a token, a link, an account. `url` is its address in the API. */
export function RevokeButton({ url, name, verb = 'Revoke' }: { url: string; name: string; verb?: string }) {
  const router = useRouter()
  const [problem, setProblem] = useState<string | null>(null)
  const revoke = async () => {
    const answer = await send('DELETE', url)
    setProblem(answer.isOk ? null : answer.words)
    if (answer.isOk) router.refresh()
  }
  return (
    <>
      <button type="button" className="btn plain" onClick={revoke} aria-label={`${verb} ${name}`}>
        {verb}
      </button>
      {problem && (
        <span className="formerror" role="alert">
          {problem}
        </span>
      )}
    </>
  )
}
