import { createReadStream, type Stats } from 'node:fs'
import { stat } from 'node:fs/promises'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { basename } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { type Command, UsageError } from '@/cli/command'

export const upload: Command = {
  name: 'upload',
  usage: "upload FILE… --url URL --token TOKEN [--host H] [--tz ZONE] [--year Y]      '-' is standard input",
  summary: 'Send logs to an oomscope server and print the links of the incidents in them.',
  run,
}

async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      url: { type: 'string' },
      token: { type: 'string' },
      host: { type: 'string' },
      tz: { type: 'string' },
      year: { type: 'string' },
    },
  })
  const { url, token, host, tz, year } = values
  if (positionals.length === 0) throw new UsageError('Name a file, or - for standard input.')
  if (!url || !URL.canParse(url)) throw new UsageError('Say where to: --url http://127.0.0.1:3000')
  if (!token)
    throw new UsageError(
      'A token is needed: --token oom_… (made with "oomscope token create" or on the page of tokens).',
    )
  let code = 0
  for (const file of positionals) {
    try {
      const answer = await send(file, { url, token, hints: { host, tz, year } })
      if (answer.isStored) process.stdout.write(answer.text)
      else process.stderr.write(`oomscope upload: ${file}: ${answer.text}\n`)
      if (!answer.isStored) code = 1
    } catch (error) {
      process.stderr.write(`oomscope upload: ${file}: ${error instanceof Error ? error.message : error}\n`)
      code = 1
    }
  }
  return code
}

interface Target {
  url: string
  token: string
  hints: { host?: string; tz?: string; year?: string }
}

async function send(file: string, { url, token, hints }: Target): Promise<{ isStored: boolean; text: string }> {
  const isInput = file === '-'
  const facts: Stats | null = isInput ? null : await stat(file)
  const target = new URL('/api/v1/logs', url)
  for (const [name, value] of Object.entries(hints)) if (value !== undefined) target.searchParams.set(name, value)
  target.searchParams.set('name', isInput ? 'standard input' : basename(file))
  if (facts) target.searchParams.set('modified', String(Math.round(facts.mtimeMs)))
  const open = target.protocol === 'https:' ? requestHttps : requestHttp
  const request = open(target, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'text/plain',
      'content-type': 'application/octet-stream',
      ...(facts ? { 'content-length': String(facts.size) } : {}),
    },
  })
  const answered = new Promise<{ isStored: boolean; text: string }>((resolve, reject) => {
    request.on('error', reject)
    request.on('response', (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => {
        body += part
      })
      response.on('error', reject)
      response.on('end', () => {
        const isStored = response.statusCode !== undefined && response.statusCode < 300
        resolve({ isStored, text: isStored ? body : detailOf(body, response.statusCode) })
      })
    })
  })
  const source = isInput ? process.stdin : createReadStream(file)
  // A server that refuses answers before it has read everything; its words matter more than the broken pipe.
  const sent = pipeline(source, request).catch(() => {})
  const answer = await answered
  await sent
  return answer
}

/** What a problem+json body says; any other body as it is. */
function detailOf(body: string, status: number | undefined): string {
  try {
    const problem: unknown = JSON.parse(body)
    if (typeof problem === 'object' && problem !== null && 'detail' in problem) return String(problem.detail)
  } catch {
    // Not JSON: something between us and the server answered.
  }
  return `the server answered ${status ?? 'nothing'}: ${body.slice(0, 200)}`
}
