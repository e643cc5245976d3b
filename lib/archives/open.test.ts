import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { strToU8, zipSync } from 'fflate'
import { pack as packTar } from 'tar-stream'
import { describe, expect, test } from 'vitest'
import { ARCHIVE_LIMITS, type ArchiveLimits } from '@/lib/archives/budget'
import { openArchive } from '@/lib/archives/open'
import { AppError } from '@/lib/errors'

const LOG = 'Nov  2 14:11:02 mail kernel: Out of memory: Killed process 22073 (mysqld).\n'.repeat(40)

// The same 40 lines, packed by bzip2 1.0.8, xz 5.4.1 and zstd 1.5.4.
const PACKED = {
  bz2: 'QlpoOTFBWSZTWTbw7PYAAqfdgAAQQGF8kAAJry//IDABOADGmIwjTAAAGNMRhGmAAAClUj1CYmmmg0MAmBPAmsTWJoE7Cbgn6JgTiJ3E4iahMhNwmoTSJkJgTeJkJvEwJmE4CYEwJ5E2iZxPgTSJwEyE5idROQmoJ1EwJ1E6CaROgnITWJ1E2CdxNomcTATAnQTwEzieonYTMJzE0ieBNwmcT6EwJ5E8iaBNgmwT/F3JFOFCQNvDs9g=',
  xz: '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4Au3AF9dACcbysILtTGEUyCgkU80IGzIDESkBw0dYINJghGVqFncQCVLD4TK1hUWo2EcEtW7ZHBiektZ8g5vJT5tj9BMAQXxzIq4Tpu5NMUKUFoJdF/5gOlgsrbOc4jI/yIWe5UAAAD4jqSfUD+G/gABe7gXAAAALAXJT7HEZ/sCAAAAAARZWg==',
  zst: 'KLUv/QRYlQIAssQRGnBV2wBo1VbN2v7Cq/l/LSBwtNgtMAPQhSMCQkGsBbjHww0kId45bbpFX7rLkudrzcp3+gHB8lyFmj5fxvAxpVJ5qOM/aCUBAIvaHD9EAXcwfwM=',
}

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}

async function read(
  bytes: Uint8Array,
  { name = 'upload', size = 1000, limits = ARCHIVE_LIMITS as ArchiveLimits } = {},
) {
  const { container, members, warnings } = await openArchive(name, inPieces(bytes, size), limits)
  const files: Record<string, string> = {}
  for await (const member of members) {
    const pieces: Uint8Array[] = []
    for await (const piece of member.bytes) pieces.push(piece)
    files[member.name] = Buffer.concat(pieces).toString('utf8')
  }
  return { container, files, warnings: warnings.map(({ code }) => code) }
}

type TarEntry = {
  name: string
  text?: string
  bytes?: Uint8Array
  type?: 'symlink' | 'link' | 'character-device' | 'directory'
  linkname?: string
}

async function tar(entries: TarEntry[]): Promise<Uint8Array> {
  const packer = packTar()
  for (const { name, text, bytes, type = 'file', linkname } of entries) {
    const content = Buffer.from(bytes ?? strToU8(text ?? ''))
    packer.entry({ name, type: type as 'file', linkname, mtime: new Date(1795488770000) }, content)
  }
  packer.finalize()
  const pieces: Uint8Array[] = []
  for await (const piece of packer) pieces.push(piece as Uint8Array)
  return Buffer.concat(pieces)
}

describe('one file', () => {
  test('what is packed in nothing is its own only member', async () => {
    expect(await read(strToU8(LOG), { name: 'messages' })).toEqual({
      container: 'plain',
      files: { messages: LOG },
      warnings: [],
    })
  })

  test('an empty file is an empty member', async () => {
    expect(await read(new Uint8Array(), { name: 'messages' })).toMatchObject({
      container: 'plain',
      files: { messages: '' },
    })
  })

  test('a gzip is told by its content and named without its suffix', async () => {
    expect(await read(gzipSync(LOG), { name: 'var/log/messages.1.gz' })).toEqual({
      container: 'compressed',
      files: { 'messages.1': LOG },
      warnings: [],
    })
  })

  test.each(Object.entries(PACKED))('%s is unpacked whatever the size of the pieces', async (_, base64) => {
    const bytes = Buffer.from(base64, 'base64')
    for (const size of [1, 7, 100_000]) expect((await read(bytes, { size })).files).toEqual({ upload: LOG })
  })

  test('two gzips one after the other are one text', async () => {
    expect((await read(Buffer.concat([gzipSync('a\n'), gzipSync('b\n')]))).files).toEqual({ upload: 'a\nb\n' })
  })

  test('a gzip in a gzip is unpacked once', async () => {
    const { files, warnings } = await read(gzipSync(gzipSync(LOG)))
    expect(warnings).toEqual(['nested-archive'])
    expect(Object.keys(files)).toEqual(['upload'])
  })

  test('a gzip cut in the middle gives what stands before the cut, with a warning', async () => {
    const random = Array.from({ length: 5000 }, (_, index) => `line ${(index * 2654435761) % 4294967296}\n`).join('')
    const packed = gzipSync(random)
    const { files, warnings } = await read(packed.subarray(0, packed.length / 2))
    expect(warnings).toEqual(['cut-archive'])
    expect(random.startsWith(files.upload ?? 'x')).toBe(true)
    expect(files.upload?.length).toBeGreaterThan(random.length / 3)
  })
})

describe('tar', () => {
  test('files are listed with their paths; folders and links inside are not', async () => {
    const bytes = await tar([
      { name: 'top/', type: 'directory' },
      { name: 'top/var/log/messages', text: LOG },
      { name: 'top/dmesg', type: 'symlink', linkname: 'sos_commands/kernel/dmesg' },
      { name: 'top/proc/meminfo', text: 'MemTotal: 1 kB\n' },
    ])
    expect(await read(gzipSync(bytes))).toEqual({
      container: 'archive',
      files: { 'top/var/log/messages': LOG, 'top/proc/meminfo': 'MemTotal: 1 kB\n' },
      warnings: [],
    })
  })

  test('long names, in either extension, are whole', async () => {
    const name = `${'a'.repeat(90)}/${'b'.repeat(90)}/${'ü'.repeat(90)}`
    expect(Object.keys((await read(await tar([{ name, text: 'x' }]))).files)).toEqual([name])
  })

  test('names that point out of the archive are refused, and devices and links out of it', async () => {
    const bytes = await tar([
      { name: '../../etc/cron.d/x', text: 'x' },
      { name: '/etc/passwd', text: 'x' },
      { name: 'C:\\\\windows\\\\x', text: 'x' },
      { name: 'a/../../b', text: 'x' },
      { name: 'null', type: 'character-device' },
      { name: 'link', type: 'symlink', linkname: '/etc/shadow' },
      { name: 'up', type: 'symlink', linkname: '../../etc/shadow' },
      { name: 'good', text: 'y' },
    ])
    const { files, warnings } = await read(bytes)
    expect(files).toEqual({ good: 'y' })
    expect(warnings).toEqual(Array(7).fill('refused-entry'))
  })

  test('control characters of a name are shown as unknown', async () => {
    expect(Object.keys((await read(await tar([{ name: 'a\u001b[2Jb\u202ec', text: 'x' }]))).files)).toEqual([
      'a\ufffd[2Jb\ufffdc',
    ])
  })

  test('members may be compressed once; an archive in an archive is left out', async () => {
    const inner = await tar([{ name: 'x', text: 'x' }])
    const bytes = await tar([
      { name: 'messages.1.gz', bytes: gzipSync(LOG) },
      { name: 'inner.tar', bytes: inner },
      { name: 'inner.tar.gz', bytes: gzipSync(inner) },
      { name: 'last', text: 'z' },
    ])
    const { files, warnings } = await read(bytes)
    expect(files).toEqual({ 'messages.1.gz': LOG, last: 'z' })
    expect(warnings).toEqual(['nested-archive', 'nested-archive'])
  })

  test('a tar cut in the middle keeps the files before the cut and the beginning of the last', async () => {
    const bytes = await tar([
      { name: 'first', text: LOG },
      { name: 'second', text: LOG },
    ])
    const { files, warnings } = await read(bytes.subarray(0, bytes.length - 3000))
    expect(files.first).toBe(LOG)
    expect(LOG.startsWith(files.second ?? 'x')).toBe(true)
    expect(warnings).toEqual(['cut-archive'])
  })

  test('a damaged header ends the reading, with a warning', async () => {
    const bytes = Buffer.from(
      await tar([
        { name: 'first', text: 'x' },
        { name: 'second', text: 'y' },
      ]),
    )
    bytes[1024] = 0x41
    expect(await read(bytes)).toMatchObject({ files: { first: 'x' }, warnings: ['cut-archive'] })
  })

  test('members that nobody reads are skipped', async () => {
    const bytes = await tar([
      { name: 'a', text: LOG },
      { name: 'b', text: LOG },
    ])
    const { members } = await openArchive('x.tar', inPieces(bytes, 700))
    const names: string[] = []
    for await (const member of members) names.push(member.name)
    expect(names).toEqual(['a', 'b'])
  })

  test('of a sosreport what can tell of memory is read, and its host is known', async () => {
    const top = 'sosreport-db-07-0123456-2026-11-24-abcdefg'
    const bytes = await tar([
      { name: `${top}/proc/meminfo`, text: 'x' },
      { name: `${top}/sys/module/x/parameters/y`, text: 'x' },
      { name: `${top}/etc/ssh/sshd_config`, text: 'x' },
    ])
    const { members, warnings } = await openArchive('s.tar', inPieces(bytes, 512))
    const found: (string | null)[] = []
    for await (const member of members) found.push(member.name, member.host)
    expect(found).toEqual([`${top}/proc/meminfo`, 'db-07'])
    expect(warnings.map(({ code }) => code)).toEqual(['left-out'])
  })
})

describe('zip', () => {
  test('stored and deflated files are read, folders and what macOS adds are not', async () => {
    const bytes = zipSync({
      'logs/messages': [strToU8(LOG), { level: 6 }],
      'logs/plain.txt': [strToU8('hello'), { level: 0 }],
      'logs/': new Uint8Array(),
      'from\\windows.txt': strToU8('w'),
      '__MACOSX/logs/._messages': strToU8('x'),
    })
    expect(await read(bytes)).toEqual({
      container: 'archive',
      files: { 'logs/messages': LOG, 'logs/plain.txt': 'hello', 'from\\windows.txt': 'w' },
      warnings: [],
    })
  })

  test('a name that points out of the archive is refused', async () => {
    expect(await read(zipSync({ '../evil': strToU8('x'), good: strToU8('y') }))).toMatchObject({
      files: { good: 'y' },
      warnings: ['refused-entry'],
    })
  })

  test('a zip cut in its second file gives the first', async () => {
    const noise = Buffer.concat(
      Array.from({ length: 300 }, (_, index) => createHash('sha512').update(`${index}`).digest()),
    )
    const bytes = zipSync({ first: strToU8(LOG), second: noise })
    const { files, warnings } = await read(bytes.subarray(0, 8000))
    expect(files.first).toBe(LOG)
    expect(warnings).toEqual(['cut-archive'])
  })
})

describe('limits', () => {
  const limits: ArchiveLimits = { expandedBytes: 100_000, entries: 3 }

  test.each([
    ['gzip', async () => gzipSync(new Uint8Array(200_000))],
    ['zip', async () => zipSync({ a: new Uint8Array(200_000) })],
    ['tar', async () => tar([{ name: 'a', bytes: new Uint8Array(200_000) }])],
    ['tar.gz', async () => gzipSync(await tar([{ name: 'a', bytes: new Uint8Array(200_000) }]))],
    ['gzip in tar', async () => tar([{ name: 'a.gz', bytes: gzipSync(new Uint8Array(200_000)) }])],
  ])('a %s that expands beyond the limit is refused', async (_, make) => {
    await expect(read(await make(), { limits })).rejects.toMatchObject({ code: 'too-large' })
  })

  test('an archive of too many files is refused', async () => {
    const bytes = await tar(['a', 'b', 'c', 'd'].map((name) => ({ name, text: 'x' })))
    await expect(read(bytes, { limits })).rejects.toBeInstanceOf(AppError)
  })

  test('what only a bomb packs so well is refused long before the limit', async () => {
    const bomb = gzipSync(new Uint8Array(120 * 1024 ** 2), { level: 9 })
    await expect(read(bomb, { size: 16_384 })).rejects.toThrow('900 times')
  })
})
