import { AppError, ERROR_CODES } from '@/lib/errors'
import { decodeText, isObject, type JsonObject, parseJsonObject } from '@/lib/ingest/protocols/json'
import { linesOfRecordOrEvent } from '@/lib/ingest/protocols/kubernetes-event'
import {
  type Answer,
  type Decoded,
  jsonAnswer,
  nothingDecoded,
  type Protocol,
  type WireRequest,
} from '@/lib/ingest/protocols/protocol'
import { recordContext, splitUrl } from '@/lib/ingest/protocols/records'

/** Version we answer with: senders older and newer than their server refuse it, this one they all take. */
const REPORTED_VERSION = '7.17.0'
const HEALTH_PATH = '_cat/health'
/** A line of `_cat/health`: cluster, status, nodes; rsyslog looks only at the status of the answer. */
const HEALTH = 'oomscope green 1 1\n'
const ACTIONS = ['index', 'create', 'update', 'delete'] as const

interface Document {
  action: (typeof ACTIONS)[number]
  index: string
  source: JsonObject | null
  /** Why it can never be stored; null when it is fine. */
  problem: string | null
}

/** Pairs of an action and a document, each on a line; blank lines between them are passed over, as rsyslog sends them. */
function readBulk(request: WireRequest): Document[] {
  const lines = decodeText(request.body)
    .split('\n')
    .filter((line) => line.trim() !== '')
  const documents: Document[] = []
  for (let index = 0; index < lines.length; index += 1) {
    const header = parseJsonObject(lines[index] ?? '')
    const action = ACTIONS.find((name) => isObject(header[name]))
    if (action === undefined) throw new AppError('invalid', `Line ${index + 1} of the bulk request is no action.`)
    const target = header[action]
    const name =
      isObject(target) && typeof target._index === 'string' ? target._index : (request.path.split('/')[0] ?? '')
    if (action === 'delete') {
      documents.push({ action, index: name, source: null, problem: null })
      continue
    }
    index += 1
    documents.push({ action, index: name, ...readSource(lines[index]) })
  }
  return documents
}

/** A document that is broken costs itself, not the request. */
function readSource(line: string | undefined): Pick<Document, 'source' | 'problem'> {
  if (line === undefined) return { source: null, problem: 'The document is missing.' }
  try {
    const source = parseJsonObject(line)
    return { source: isObject(source.doc) ? source.doc : source, problem: null }
  } catch (error) {
    return { source: null, problem: error instanceof AppError ? error.detail : 'The document is broken.' }
  }
}

function decode(request: WireRequest): Decoded {
  if (!/(?:^|\/)_bulk$/.test(request.path) && request.path !== '') {
    throw new AppError('not-found', 'Documents are sent to _bulk.')
  }
  const decoded = nothingDecoded()
  const context = recordContext(request)
  for (const { source, problem } of readBulk(request)) {
    decoded.items += 1
    if (problem !== null) decoded.refused.push({ count: 1, why: problem })
    if (source !== null) decoded.lines.push(...linesOfRecordOrEvent(source, context))
  }
  return decoded
}

function accept(request: WireRequest): Answer {
  const documents = readBulk(request)
  const items = documents.map(({ action, index, problem }, at) => ({
    [action]:
      problem === null
        ? { _index: index, _id: String(at), status: action === 'delete' ? 404 : 201, result: 'created' }
        : { _index: index, _id: String(at), status: 400, error: { type: 'mapper_parsing_exception', reason: problem } },
  }))
  return asProduct(jsonAnswer(200, { took: 0, errors: documents.some(({ problem }) => problem !== null), items }))
}

/** The clients of version 8 and later believe an answer only with this header. */
function asProduct(answer: Answer): Answer {
  return { ...answer, headers: { 'X-Elastic-Product': 'Elasticsearch' } }
}

function refuse(_request: WireRequest, problem: AppError): Answer {
  const { status } = ERROR_CODES[problem.code]
  return jsonAnswer(status, { error: { type: problem.code, reason: problem.detail }, status })
}

export const elasticsearch: Protocol = {
  name: 'elasticsearch',
  aliases: ['es', 'elastic', 'opensearch'],
  title: 'Elasticsearch _bulk',
  snapshotToleranceMs: 0,
  senders: [
    {
      name: 'rsyslog omelasticsearch',
      versionSeen: '8.2302',
      tested: 'live',
      gives: ['log'],
      file: '/etc/rsyslog.d/oomscope.conf',
      configuration: (url, token) => {
        const { hostname, port, isSecure } = splitUrl(url)
        return [
          'module(load="omelasticsearch")',
          'template(name="oomscope" type="list" option.jsonf="on") {',
          '  property(outname="@timestamp" name="timereported" dateFormat="rfc3339" format="jsonf")',
          '  property(outname="host" name="hostname" format="jsonf")',
          '  property(outname="program" name="programname" format="jsonf")',
          '  property(outname="message" name="msg" format="jsonf") }',
          `action(type="omelasticsearch" server="${isSecure ? 'https' : 'http'}://${hostname}" serverport="${port}"`,
          `  uid="agent" pwd="${token}" bulkmode="on" template="oomscope"`,
          '  action.resumeRetryCount="-1" action.resumeInterval="5" queue.type="LinkedList")',
        ].join('\n')
      },
      remark:
        'On Debian install rsyslog-elasticsearch; rsyslog has no omhttp there. It posts to /_bulk, a path it cannot change.',
    },
    {
      name: 'Filebeat',
      versionSeen: null,
      tested: 'specification',
      gives: ['log'],
      file: 'filebeat.yml',
      configuration: (url, token) =>
        [
          'output.elasticsearch:',
          `  hosts: ["${url}/api/ingest/elasticsearch"]`,
          '  username: agent',
          `  password: ${token}`,
          '  allow_older_versions: true',
          'setup.ilm.enabled: false',
          'setup.template.enabled: false',
        ].join('\n'),
      remark: null,
    },
  ],
  decode,
  accept,
  refuse,
  greet({ method, path }) {
    if (method === 'HEAD' && (path === '' || path === HEALTH_PATH))
      return { status: 200, contentType: null, body: null }
    if (method !== 'GET') return null
    if (path === '') {
      const version = { number: REPORTED_VERSION, build_flavor: 'default' }
      const answer = jsonAnswer(200, {
        name: 'oomscope',
        cluster_name: 'oomscope',
        version,
        tagline: 'You Know, for Search',
      })
      return asProduct(answer)
    }
    if (path === HEALTH_PATH) return { status: 200, contentType: 'text/plain', body: HEALTH }
    if (path === '_license') return jsonAnswer(200, { license: { status: 'active', type: 'basic' } })
    return path === '_cluster/health' ? jsonAnswer(200, { status: 'green' }) : null
  },
}
