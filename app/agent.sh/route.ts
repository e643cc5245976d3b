import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '@/lib/errors'
import { publicUrl } from '@/lib/http/public-url'
import { route } from '@/lib/http/route'

const PLACEHOLDER = '__OOMSCOPE_URL__'
// What may stand between single quotes of a shell script; the Host header is anybody's text.
const ADDRESS = /^https?:\/\/[A-Za-z0-9._~:[\]/-]+$/

/** The agent, with the address of this server filled in. Needs no session: there is no secret in it. */
export const GET = route(async (request: Request) => {
  const url = publicUrl(request.headers)
  if (!ADDRESS.test(url)) throw new AppError('invalid', 'The Host header is not an address.')
  const script = await readFile(join(process.cwd(), 'agent/oomscope-agent.sh'), 'utf8')
  return new Response(
    script.replace(PLACEHOLDER, () => url),
    {
      headers: {
        'content-type': 'text/x-shellscript; charset=utf-8',
        'cache-control': 'no-cache',
        'x-content-type-options': 'nosniff',
      },
    },
  )
})
