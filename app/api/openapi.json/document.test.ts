import { expect, test } from 'vitest'
import { openApiDocument } from '@/app/api/openapi.json/document'
import { OPERATIONS } from '@/app/api/openapi.json/operations'
import { RULES } from '@/e2e/access-rules'

test('every endpoint of the API is in the document with the permission of its rule, and none besides', () => {
  const ruled = Object.entries(RULES).filter(([route]) => route.includes(' /api/v1/'))
  const told = OPERATIONS.map(({ method, path, permission }) => [`${method.toUpperCase()} ${path}`, permission])
  expect(told.sort()).toEqual(ruled.sort())
})

const document: Record<string, unknown> = JSON.parse(JSON.stringify(openApiDocument('https://oom.example')))
const at = (...keys: string[]) =>
  keys.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : null),
    document,
  )

test('search parameters are those with which the route reads', () => {
  const parameters = at('paths', '/api/v1/hosts/{hostname}/series', 'get', 'parameters')
  expect(parameters).toContainEqual({ name: 'hostname', in: 'path', required: true, schema: { type: 'string' } })
  expect(parameters).toContainEqual(
    expect.objectContaining({
      name: 'points',
      in: 'query',
      required: false,
      schema: expect.objectContaining({ maximum: 1000, default: 1000 }),
    }),
  )
  expect(parameters).toContainEqual(expect.objectContaining({ name: 'from', required: true }))
})

test('a body is described as a client writes it, with its defaults left out', () => {
  const schema = at('paths', '/api/v1/tokens', 'post', 'requestBody', 'content', 'application/json', 'schema')
  expect(schema).toMatchObject({ type: 'object', required: ['name'], additionalProperties: false })
  const samples = at('paths', '/api/v1/metrics', 'post', 'requestBody', 'content', 'application/json', 'schema')
  expect(samples).toMatchObject({ properties: { samples: { items: { required: ['at'] } } } })
})

test('what needs no account says so, all else needs a token or a session', () => {
  expect(at('paths', '/api/v1/set-up', 'post', 'security')).toEqual([])
  expect(at('paths', '/api/v1/hosts', 'get', 'security')).toBeUndefined()
  expect(at('security')).toEqual([{ token: [] }, { session: [] }])
})

test('every operation has an identifier of its own', () => {
  const ids = OPERATIONS.map(({ method, path }) =>
    at('paths', path.replace(/\[(\w+)\]/g, '{$1}'), method, 'operationId'),
  )
  expect(new Set(ids).size).toBe(OPERATIONS.length)
  expect(ids).not.toContain(null)
})
