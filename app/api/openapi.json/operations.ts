import { z } from 'zod'
import {
  incidentSearch,
  invitationDraft,
  keyedAccount,
  lineSearch,
  logSearch,
  metricsSearch,
  noteDraft,
  pageSearch,
  roleChange,
  seriesSearch,
  shareDraft,
  tokenDraft,
  uploadRevision,
} from '@/app/api/v1/schemas'
import type { Permission } from '@/lib/auth/permissions'
import { SAMPLE_FIELDS } from '@/lib/metrics/sample'

/** One method of one path of the API, as its document tells it. */
export interface Operation {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** As the folders of `app/` have it: `/api/v1/hosts/[hostname]`. */
  path: string
  permission: Permission | 'public'
  summary: string
  search?: z.ZodObject
  /** The JSON body; `bytes` is a file of any type. */
  body?: z.ZodType | 'bytes'
  /** What is answered when all went well, by status. */
  answers: Readonly<Record<number, string>>
  /** Where the answer is not JSON. */
  answerType?: 'text/markdown' | 'text/event-stream'
}

const amount = z.number().nullable().optional()
const sample = z.object({
  at: z.union([z.iso.datetime({ offset: true }), z.int()]),
  host: z.string().optional(),
  ...Object.fromEntries(SAMPLE_FIELDS.map((field) => [field, amount])),
})
/** docs/agent.md; also one sample a line. */
const measurements = z.object({ host: z.string().optional(), samples: z.array(sample) })

const DONE = 'Done.'

/** Everything under `/api/v1`, in the order of docs/api.md. */
export const OPERATIONS: readonly Operation[] = [
  ...(['post', 'put'] as const).map(
    (method): Operation => ({
      method,
      path: '/api/v1/logs',
      permission: 'ingest',
      summary: 'Stores a log and waits a moment for what is found in it.',
      search: logSearch,
      body: 'bytes',
      answers: { 200: 'The same bytes were known.', 201: 'Stored.', 202: 'Stored and still being read.' },
    }),
  ),
  ...(['post', 'put'] as const).map(
    (method): Operation => ({
      method,
      path: '/api/v1/metrics',
      permission: 'ingest',
      summary: 'Stores samples of memory; sent again they change nothing.',
      search: metricsSearch,
      body: measurements,
      answers: { 200: 'How many were new and how many known.' },
    }),
  ),
  read('/api/v1/incidents', 'Incidents, newest first.', incidentSearch),
  read('/api/v1/incidents/[incidentId]', 'One incident with its kills, reports, events and findings.'),
  { ...read('/api/v1/incidents/[incidentId]/markdown', 'The same as a post-mortem.'), answerType: 'text/markdown' },
  read('/api/v1/hosts', 'Hosts.'),
  read('/api/v1/hosts/[hostname]', 'One host and its boots.'),
  read(
    '/api/v1/hosts/[hostname]/series',
    'Memory over time: least, greatest, average and last per bucket.',
    seriesSearch,
  ),
  {
    ...read(
      '/api/v1/hosts/[hostname]/events',
      'Tells when something of the host was measured or its incidents changed.',
    ),
    answerType: 'text/event-stream',
  },
  read('/api/v1/uploads', 'Uploads, newest first.', pageSearch),
  read('/api/v1/uploads/[uploadId]', 'State, receipt and incidents of an upload.'),
  read('/api/v1/uploads/[uploadId]/lines', 'Lines of an upload as they were sent.', lineSearch),
  { ...read('/api/v1/uploads/[uploadId]/events', 'Its state as it changes.'), answerType: 'text/event-stream' },
  {
    method: 'patch',
    path: '/api/v1/uploads/[uploadId]',
    permission: 'admin',
    summary: 'Says what was assumed, and has the upload read again.',
    body: uploadRevision,
    answers: { 202: 'It waits to be read.' },
  },
  remove('/api/v1/uploads/[uploadId]', 'admin', 'Deletes an upload and what no other upload tells.'),
  read('/api/v1/incidents/[incidentId]/notes', 'Notes of an incident.'),
  make('/api/v1/incidents/[incidentId]/notes', 'write', 'Adds a note.', noteDraft),
  remove('/api/v1/incidents/[incidentId]/notes/[noteId]', 'write', 'Removes a note.'),
  list('/api/v1/incidents/[incidentId]/shares', 'write', 'Links to one incident.'),
  make('/api/v1/incidents/[incidentId]/shares', 'write', 'Makes a link; its address is told this once.', shareDraft),
  list('/api/v1/shares', 'write', 'Links to incidents.'),
  remove('/api/v1/shares/[shareId]', 'write', 'Ends a link.'),
  list('/api/v1/tokens', 'admin', 'Tokens, without their secrets.'),
  make('/api/v1/tokens', 'admin', 'Makes a token; its secret is told this once.', tokenDraft),
  remove('/api/v1/tokens/[tokenId]', 'admin', 'Ends a token.'),
  list('/api/v1/invitations', 'admin', 'Invitations that still work.'),
  make('/api/v1/invitations', 'admin', 'Makes a link that makes one account; it is told this once.', invitationDraft),
  remove('/api/v1/invitations/[invitationId]', 'admin', 'Withdraws an invitation.'),
  make('/api/v1/invitations/accept', 'public', 'Makes the account an invitation is for, and signs in.', keyedAccount),
  make('/api/v1/set-up', 'public', 'Makes the first administrator, and signs in.', keyedAccount),
  list('/api/v1/users', 'admin', 'Accounts.'),
  {
    method: 'patch',
    path: '/api/v1/users/[userId]',
    permission: 'admin',
    summary: 'Gives an account another role.',
    body: roleChange,
    answers: { 204: DONE },
  },
  remove('/api/v1/users/[userId]', 'admin', 'Removes an account.'),
  { ...list('/api/v1/audit', 'admin', 'Who made or ended what, newest first.'), search: pageSearch },
  {
    method: 'post',
    path: '/api/v1/sample-incidents',
    permission: 'admin',
    summary: 'Loads the sample incidents.',
    answers: { 201: 'Their ids.' },
  },
  remove('/api/v1/sample-incidents', 'admin', 'Removes the sample incidents.'),
]

function list(path: string, permission: Permission, summary: string): Operation {
  return { method: 'get', path, permission, summary, answers: { 200: 'What was asked for.' } }
}

function read(path: string, summary: string, search?: z.ZodObject): Operation {
  return { ...list(path, 'read', summary), search }
}

function make(path: string, permission: Operation['permission'], summary: string, body: z.ZodType): Operation {
  return { method: 'post', path, permission, summary, body, answers: { 201: 'Made.' } }
}

function remove(path: string, permission: Permission, summary: string): Operation {
  return { method: 'delete', path, permission, summary, answers: { 204: DONE } }
}
