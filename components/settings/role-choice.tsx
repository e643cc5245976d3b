'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { send } from '@/components/ui/send'

/** Roles an account can have, least first. */
export const ROLE_NAMES = ['viewer', 'member', 'admin'] as const

/** Changes the role of an account as soon as another is chosen. */
export function RoleChoice({ userId, name, role }: { userId: string; name: string; role: string }) {
  const router = useRouter()
  const [problem, setProblem] = useState<string | null>(null)
  const change = async (chosen: string) => {
    const answer = await send('PATCH', `/api/v1/users/${encodeURIComponent(userId)}`, { role: chosen })
    setProblem(answer.isOk ? null : answer.words)
    router.refresh()
  }
  return (
    <>
      <select
        className="input"
        aria-label={`Role of ${name}`}
        value={role}
        onChange={(event) => void change(event.currentTarget.value)}
      >
        {ROLE_NAMES.map((each) => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </select>
      {problem && (
        <span className="formerror" role="alert">
          {problem}
        </span>
      )}
    </>
  )
}
