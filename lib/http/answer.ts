/** JSON that no cache may keep: everything here depends on who asks. */
export function json(
  body: unknown,
  { status = 200, headers = {} }: { status?: number; headers?: HeadersInit } = {},
): Response {
  const all = new Headers(headers)
  all.set('cache-control', 'private, no-store')
  return Response.json(body, { status, headers: all })
}

/** Done, nothing to say. */
export function noContent(): Response {
  return new Response(null, { status: 204, headers: { 'cache-control': 'private, no-store' } })
}

/** True when the sender asks for plain text rather than JSON. */
export function wantsText(request: Pick<Request, 'headers'>): boolean {
  return /^\s*text\/plain\b/i.test(request.headers.get('accept') ?? '')
}

export function text(
  body: string,
  { status = 200, headers = {} }: { status?: number; headers?: HeadersInit } = {},
): Response {
  const all = new Headers(headers)
  all.set('cache-control', 'private, no-store')
  all.set('content-type', 'text/plain; charset=utf-8')
  return new Response(body, { status, headers: all })
}
