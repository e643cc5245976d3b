import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { send } from '@/components/ui/send'

/** What a form makes on the server, and how far it is. */
export interface Made<T> {
  /** What the server answered, which it shows once; null before. */
  value: T | null
  problem: string | null
  isBusy: boolean
  make: (form: HTMLFormElement, body: unknown) => Promise<void>
}

/** For forms that make something at an address of the API: empties the form and renews the page's list when it is made. */
export function useMade<T>(url: string): Made<T> {
  const router = useRouter()
  const [state, setState] = useState<'idle' | 'busy' | { problem: string } | { value: T }>('idle')
  const make = async (form: HTMLFormElement, body: unknown) => {
    setState('busy')
    const answer = await send<T>('POST', url, body)
    setState(answer.isOk ? { value: answer.value } : { problem: answer.words })
    if (!answer.isOk) return
    form.reset()
    router.refresh()
  }
  return {
    value: typeof state === 'object' && 'value' in state ? state.value : null,
    problem: typeof state === 'object' && 'problem' in state ? state.problem : null,
    isBusy: state === 'busy',
    make,
  }
}
