import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { PlainShell } from '@/components/ui/shell'
import { ERROR_CODES, type ErrorCode } from '@/lib/errors'

interface Props {
  params: Promise<{ code: string }>
}

/** What a person who follows a problem's `type` can do about it. */
const ADVICE: Record<ErrorCode, string> = {
  invalid:
    'The request has a part that cannot be read. The members of “errors” point at each; correct them and send again.',
  unauthorized:
    'Send a token as “Authorization: Bearer …”, or sign in. Tokens are made under Settings; each is shown once.',
  forbidden: 'The account or token is valid but may not do this. A token may be bound to one host or lack a scope.',
  'not-found': 'There is nothing under this address, or it was deleted.',
  conflict: 'What is stored has changed, or is still being written. Read it again and decide anew.',
  'too-large': 'Split the body, or compress it. The limit is named in “detail”.',
  'unsupported-type': 'Logs may be sent as they are, with any content type; content encodings are gzip and none.',
  implausible:
    'The values contradict each other or lie outside what a machine can have. Nothing of the refused rows was stored.',
  unreadable:
    'The bytes are kept, but reading them failed for the reason in “detail”. Its receipt shows how far it came.',
  'too-many-requests': 'Wait for the seconds in “Retry-After”, then send the same again.',
  unavailable:
    'The server is starting, stopping or overloaded. Wait for the seconds in “Retry-After”, then send the same again.',
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { code } = await params
  return { title: isCode(code) ? ERROR_CODES[code].title : 'Problem' }
}

export default async function ProblemPage({ params }: Props) {
  const { code } = await params
  if (!isCode(code)) notFound()
  return (
    <PlainShell>
      <h1 className="first">{ERROR_CODES[code].title}</h1>
      <p className="lede">{ADVICE[code]}</p>
      <p className="dim">
        Problem <code>{code}</code>, HTTP status {ERROR_CODES[code].status}. Answers of the API carry it as “type” (RFC
        9457).
      </p>
    </PlainShell>
  )
}

function isCode(text: string): text is ErrorCode {
  return Object.hasOwn(ERROR_CODES, text)
}
