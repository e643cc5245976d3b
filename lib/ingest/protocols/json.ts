import { AppError } from '@/lib/errors'

export type Json = string | number | boolean | null | Json[] | JsonObject
export interface JsonObject {
  [key: string]: Json
}

const DEPTH_LIMIT = 20
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype'])
const utf8 = new TextDecoder('utf-8')

/** UTF-8, a byte order mark removed; invalid bytes become U+FFFD. */
export function decodeText(body: Uint8Array): string {
  return utf8.decode(body)
}

/**
 * Parses one JSON text of a foreign sender.
 *
 * @param depthLimit how deep it may nest
 * @throws AppError 'invalid' with the reason, also for texts that nest deeper or name `__proto__`
 */
export function parseJson(text: string, depthLimit = DEPTH_LIMIT): Json {
  refuseDeep(text, depthLimit)
  let value: Json
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new AppError('invalid', `The body is not JSON: ${error instanceof Error ? error.message : 'it is broken'}.`)
  }
  refuseForbiddenKeys(value)
  return value
}

/** @throws AppError 'invalid' when it is no object */
export function parseJsonObject(text: string, depthLimit = DEPTH_LIMIT): JsonObject {
  const value = parseJson(text, depthLimit)
  if (!isObject(value)) throw new AppError('invalid', 'The body is not a JSON object.')
  return value
}

/**
 * The values of an array, of lines (NDJSON, blank lines allowed) or of objects one after the other without commas:
 * whatever the content type said.
 *
 * @throws AppError 'invalid' naming the first value that is broken
 */
export function parseJsonSequence(text: string): Json[] {
  const trimmed = text.trim()
  if (trimmed === '') return []
  if (trimmed.startsWith('[')) {
    const value = parseJson(trimmed)
    return Array.isArray(value) ? value : [value]
  }
  const lines = splitValues(trimmed)
  return lines.map((line, index) => {
    try {
      return parseJson(line)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      throw new AppError('invalid', `Value ${index + 1} of the body: ${error.detail}`)
    }
  })
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function asString(value: Json | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

/** Numbers and numeric strings; NaN and infinities are null. */
export function asNumber(value: Json | undefined): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : null
}

/** Cuts a text of concatenated objects at the end of each; strings are passed over. */
function splitValues(text: string): string[] {
  const values: string[] = []
  let depth = 0
  let start = -1
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code === 0x22) {
      if (start < 0) start = index
      index = endOfString(text, index)
      continue
    }
    if (code === 0x7b || code === 0x5b) {
      if (start < 0) start = index
      depth += 1
      continue
    }
    if (code === 0x7d || code === 0x5d) {
      depth -= 1
      if (depth === 0 && start >= 0) {
        values.push(text.slice(start, index + 1))
        start = -1
      }
      if (depth < 0)
        throw new AppError('invalid', `The body is not JSON: a bracket too many at character ${index + 1}.`)
      continue
    }
    if (code <= 0x20) {
      // A scalar on a line of its own ends with the line.
      if (depth === 0 && start >= 0 && code === 0x0a) {
        values.push(text.slice(start, index))
        start = -1
      }
      continue
    }
    if (start < 0) start = index
  }
  if (start >= 0) values.push(text.slice(start))
  return values
}

function endOfString(text: string, open: number): number {
  for (let index = open + 1; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code === 0x5c) index += 1
    else if (code === 0x22) return index
  }
  return text.length
}

/** JSON.parse recurses: a text that nests 10,000 deep is refused before it is parsed. */
function refuseDeep(text: string, limit: number): void {
  let depth = 0
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code === 0x22) index = endOfString(text, index)
    else if (code === 0x7b || code === 0x5b) {
      depth += 1
      if (depth > limit) throw new AppError('invalid', `The body nests deeper than ${limit} levels.`)
    } else if (code === 0x7d || code === 0x5d) depth -= 1
  }
}

function refuseForbiddenKeys(value: Json): void {
  if (Array.isArray(value)) {
    for (const item of value) refuseForbiddenKeys(item)
    return
  }
  if (!isObject(value)) return
  for (const [key, item] of Object.entries(value)) {
    if (FORBIDDEN_KEYS.has(key)) throw new AppError('invalid', `The key "${key}" is not allowed.`)
    refuseForbiddenKeys(item)
  }
}
