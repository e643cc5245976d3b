import { AppError } from '@/lib/errors'

/** Deeper than anything our endpoints take. */
const DEPTH_LIMIT = 20
/** Names through which an object's prototype can be reached and changed. */
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Reads JSON that a client sent.
 *
 * @throws AppError 'invalid' when it is not JSON, nests deeper than 20, or has a key through which prototypes are changed
 */
export function parseJson(text: string): unknown {
  requireShallow(text)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new AppError('invalid', `The body is not JSON: ${error instanceof Error ? error.message : error}`)
  }
  requireKeys(value)
  return value
}

/** Counts brackets before anything is built from them. */
function requireShallow(text: string): void {
  let depth = 0
  let isString = false
  for (let index = 0; index < text.length; index += 1) {
    const letter = text[index]
    if (isString) {
      if (letter === '\\') index += 1
      else if (letter === '"') isString = false
    } else if (letter === '"') isString = true
    else if (letter === '{' || letter === '[') depth += 1
    else if (letter === '}' || letter === ']') depth -= 1
    if (depth > DEPTH_LIMIT) throw new AppError('invalid', `The body nests deeper than ${DEPTH_LIMIT} levels.`)
  }
}

function requireKeys(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  for (const [key, member] of Object.entries(value)) {
    if (FORBIDDEN_KEYS.has(key)) throw new AppError('invalid', `The body has a key "${key}", which is not allowed.`)
    requireKeys(member)
  }
}
