import { openApiDocument } from '@/app/api/openapi.json/document'
import { publicUrl } from '@/lib/http/public-url'

/** The API as OpenAPI: the same for everyone, and nothing in it is secret. */
export function GET(request: Request): Response {
  return Response.json(openApiDocument(publicUrl(request.headers)), { headers: { 'cache-control': 'no-store' } })
}
