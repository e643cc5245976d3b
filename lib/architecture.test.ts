import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, test } from 'vitest'

/**
 * Who may import whom: imports point down, never up, and sideways only where this table says so.
 * A file belongs to the first room whose path it starts with.
 */
const BASE = ['lib/units', 'lib/errors', 'lib/routes', 'lib/source', 'lib/snappy']
const DOMAIN = [
  'lib/text',
  'lib/metrics',
  'lib/charts',
  'lib/logs',
  'lib/oom',
  'lib/incidents',
  'lib/findings',
  'lib/analysis',
]
const STORAGE = [...BASE, 'lib/env', ...DOMAIN]
const WORK = [...STORAGE, 'lib/db']

interface Room {
  path: string
  may: string[]
  /** Packages (or `node:` for all of Node) that must not be imported here. */
  never: string[]
}

const PURE = ['node:', 'react', 'next', '@prisma/client', 'pg', 'pino']

/** A domain room may use itself and the rooms to its left. */
const domainRooms: Room[] = DOMAIN.map((path, index) => ({
  path,
  may: [...BASE, ...DOMAIN.slice(0, index + 1)],
  never: PURE,
}))

const ROOMS: Room[] = [
  { path: 'lib/units', may: [], never: PURE },
  { path: 'lib/errors', may: [], never: PURE },
  { path: 'lib/routes', may: [], never: PURE },
  { path: 'lib/source', may: ['lib/units'], never: PURE },
  { path: 'lib/snappy', may: ['lib/errors'], never: PURE },
  { path: 'lib/env', may: [], never: ['react', 'next', '@prisma/client'] },
  ...domainRooms,
  { path: 'lib/db', may: [...STORAGE, 'lib/db'], never: ['react', 'next'] },
  { path: 'lib/archives', may: [...WORK, 'lib/archives'], never: ['react', 'next'] },
  { path: 'lib/ingest', may: [...WORK, 'lib/archives', 'lib/ingest'], never: ['react', 'next'] },
  { path: 'lib/http', may: [...BASE, 'lib/env', 'lib/db', 'lib/http', 'lib/auth'], never: ['react'] },
  { path: 'lib/auth', may: [...BASE, 'lib/env', 'lib/db', 'lib/http', 'lib/auth'], never: [] },
  { path: 'components', may: [...BASE, ...DOMAIN, 'components'], never: ['node:', '@prisma/client', 'pg'] },
  { path: 'cli', may: [...WORK, 'lib/archives', 'lib/ingest', 'lib/auth', 'cli'], never: ['react', 'next'] },
  { path: 'lib/testing', may: [...WORK, 'lib/testing', 'bin/launcher'], never: ['react', 'next'] },
  {
    path: 'server',
    may: [
      ...WORK,
      'lib/archives',
      'lib/ingest',
      'lib/http',
      'lib/auth',
      'app/api',
      'app/%5Fbulk',
      'app/%5Fcat',
      'server',
    ],
    never: ['react'],
  },
  { path: 'app', may: [...WORK, 'lib/archives', 'lib/ingest', 'lib/http', 'lib/auth', 'components', 'app'], never: [] },
  { path: 'lib/testing', may: [...STORAGE, 'lib/db', 'lib/testing'], never: ['react', 'next'] },
  { path: 'e2e', may: ['lib/routes', 'e2e'], never: ['@prisma/client', 'pg'] },
]

const ROOT = join(import.meta.dirname, '..')
const IMPORT =
  /^\s*(?:import|export)\b[^'"]*?from\s+['"]([^'"]+)['"]|^\s*import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm

function sourceFiles(folder: string): string[] {
  return readdirSync(join(ROOT, folder)).flatMap((name) => {
    const path = `${folder}/${name}`
    if (name === 'generated' || name === 'fixtures') return []
    if (statSync(join(ROOT, path)).isDirectory()) return sourceFiles(path)
    return /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name) ? [path] : []
  })
}

function isInside(path: string, room: string): boolean {
  return path === room || path.startsWith(`${room}/`) || path.startsWith(`${room}.`)
}

function importsOf(file: string): { target: string; line: number }[] {
  const text = readFileSync(join(ROOT, file), 'utf8')
  return [...text.matchAll(IMPORT)].map((match) => {
    const name = match[1] ?? match[2] ?? match[3] ?? ''
    const line = text.slice(0, match.index).split('\n').length
    if (name.startsWith('@/')) return { target: name.slice(2), line }
    if (name.startsWith('.')) return { target: relative(ROOT, join(ROOT, file, '..', name)), line }
    return { target: `package:${name}`, line }
  })
}

function violations(file: string, room: Room): string[] {
  return importsOf(file).flatMap(({ target, line }) => {
    const where = `${file}:${line}`
    if (target.startsWith('package:')) {
      const name = target.slice('package:'.length)
      const banned = room.never.find((ban) => name === ban || name.startsWith(ban.endsWith(':') ? ban : `${ban}/`))
      return banned ? [`${where} imports ${name}, which has no place in ${room.path}`] : []
    }
    return room.may.some((allowed) => isInside(target, allowed))
      ? []
      : [`${where} imports ${target}, which ${room.path} may not know`]
  })
}

const folders = ['lib', 'components', 'app', 'server', 'cli', 'e2e'].filter((folder) => {
  try {
    return statSync(join(ROOT, folder)).isDirectory()
  } catch {
    return false
  }
})
const files = folders.flatMap(sourceFiles)

test('imports point down', () => {
  expect(files.length).toBeGreaterThan(20)
  const found = files.flatMap((file) => {
    const room = ROOMS.find((candidate) => isInside(file, candidate.path))
    return room ? violations(file, room) : [`${file} belongs to no room of the table`]
  })
  expect(found).toEqual([])
})

test('the domain asks no clock and rolls no dice', () => {
  const found = files
    .filter((file) => DOMAIN.some((room) => isInside(file, room)))
    .flatMap((file) =>
      readFileSync(join(ROOT, file), 'utf8')
        .split('\n')
        .flatMap((text, index) =>
          /\b(Date\.now|Math\.random|new Date\(\))/.test(text) ? [`${file}:${index + 1} ${text.trim()}`] : [],
        ),
    )
  expect(found).toEqual([])
})

test('Recharts lives in components/charts and nowhere else', () => {
  const users = files.filter((file) => importsOf(file).some(({ target }) => target === 'package:recharts'))
  expect(users.filter((file) => !file.startsWith('components/charts/'))).toEqual([])
})
