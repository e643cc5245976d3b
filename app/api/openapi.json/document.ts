import { z } from 'zod'
import { OPERATIONS, type Operation } from '@/app/api/openapi.json/operations'
import { ERROR_CODES, type ErrorCode } from '@/lib/errors'

const VERSION = '1'
const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
})
const PROBLEM = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } }

type JsonSchema = z.core.JSONSchema.BaseSchema

/** The API as OpenAPI 3.1, made of the schemas with which its routes read requests. @param url of this instance */
export function openApiDocument(url: string) {
  const paths: Record<string, Record<string, object>> = {}
  for (const operation of OPERATIONS) {
    const path = operation.path.replace(/\[(\w+)\]/g, '{$1}')
    paths[path] = { ...paths[path], [operation.method]: describeOperation(operation) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'oomscope',
      version: VERSION,
      description: 'Memory incidents of Linux hosts. Foreign senders post to /api/ingest; see docs/protocols.md.',
    },
    servers: [{ url }],
    security: [{ token: [] }, { session: [] }],
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'better-auth.session_token' },
      },
      schemas: { Problem: schemaOf(problem) },
    },
  }
}

function describeOperation(operation: Operation): object {
  const { method, path, permission, summary, body, answers, answerType } = operation
  const isPublic = permission === 'public'
  return {
    operationId: `${method} ${path}`.replace(/[^a-z0-9]+/gi, '-').replace(/-$/, ''),
    summary,
    ...(isPublic ? { security: [] } : { description: `Needs the permission "${permission}".` }),
    parameters: [...pathParameters(path), ...searchParameters(operation)],
    ...(body && { requestBody: { required: true, content: contentOf(body) } }),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, description]) => [
          status,
          { description, ...(status !== '204' && { content: { [answerType ?? 'application/json']: {} } }) },
        ]),
      ),
      ...problemsOf(operation),
    },
  }
}

function pathParameters(path: string): object[] {
  return [...path.matchAll(/\[(\w+)\]/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
}

/** The search parameters of an operation, as OpenAPI lists them. */
export function searchParameters({ search }: Operation): { name: string; required: boolean; schema: JsonSchema }[] {
  if (!search) return []
  const { properties = {}, required = [] } = schemaOf(search)
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    // JSON Schema allows true and false for a schema; ours are objects.
    schema: typeof schema === 'object' ? schema : {},
  }))
}

function contentOf(body: z.ZodType | 'bytes'): object {
  if (body === 'bytes') return { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } }
  return { 'application/json': { schema: schemaOf(body) } }
}

/** As a client writes it, before defaults and conversions. */
function schemaOf(schema: z.ZodType): JsonSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return rest
}

function problemsOf({ permission, search, body, path }: Operation): object {
  const codes: ErrorCode[] = [
    ...(search || body ? (['invalid'] as const) : []),
    ...(permission === 'public' ? [] : (['unauthorized', 'forbidden', 'too-many-requests'] as const)),
    ...(path.includes('[') ? (['not-found'] as const) : []),
    ...(body ? (['too-large'] as const) : []),
    'unavailable',
  ]
  return Object.fromEntries(
    codes.map((code) => [ERROR_CODES[code].status, { description: ERROR_CODES[code].title, content: PROBLEM }]),
  )
}
