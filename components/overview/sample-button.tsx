'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { Problem } from '@/components/ui/problem'
import { send } from '@/components/ui/send'

/** Loads the sample incidents, or removes them again. */
export function SampleButton({ isRemoval = false }: { isRemoval?: boolean }) {
  const router = useRouter()
  const [state, setState] = useState<'idle' | 'busy' | { problem: string }>('idle')
  const onClick = async () => {
    setState('busy')
    const answer = await send(isRemoval ? 'DELETE' : 'POST', '/api/v1/sample-incidents')
    setState(answer.isOk ? 'idle' : { problem: answer.words })
    if (answer.isOk) router.refresh()
  }
  const label = isRemoval ? 'Remove the samples' : 'Load the sample incidents'
  return (
    <>
      <button
        type="button"
        className={isRemoval ? 'btn plain' : 'btn big'}
        onClick={onClick}
        disabled={state === 'busy'}
      >
        {state === 'busy' ? 'One moment …' : label}
      </button>
      {typeof state === 'object' && <Problem words={state.problem} />}
    </>
  )
}
