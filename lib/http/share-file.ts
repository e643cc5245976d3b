/** The answer with an incident as a file of a fixed name: nothing of the incident is in the headers. */
export function incidentFile(body: string, form: 'json' | 'md'): Response {
  const type = form === 'json' ? 'application/json' : 'text/markdown; charset=utf-8'
  return new Response(body, {
    headers: {
      'content-type': type,
      'content-disposition': `attachment; filename="incident.${form}"`,
      'cache-control': 'private, no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex, nofollow, noarchive',
      'x-content-type-options': 'nosniff',
    },
  })
}
