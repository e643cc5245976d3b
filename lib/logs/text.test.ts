import { expect, test } from 'vitest'
import { createLineSplitter } from '@/lib/logs/text'

function split(bytes: Uint8Array, chunkBytes = bytes.length || 1): string {
  let text = ''
  const splitter = createLineSplitter((block) => {
    text += block
  })
  for (let at = 0; at < bytes.length; at += chunkBytes) splitter.push(bytes.subarray(at, at + chunkBytes))
  splitter.end()
  return text
}

const utf8 = new TextEncoder()

test('blocks are whole lines, and the last line needs no end', () => {
  for (const size of [1, 2, 3, 100]) expect(split(utf8.encode('é\nb\n\nc'), size)).toBe('é\nb\n\nc\n')
  expect(split(new Uint8Array(0))).toBe('')
})

test('a line that is not UTF-8 is Latin-1, and the lines around it stay UTF-8', () => {
  const bytes = Uint8Array.from([...utf8.encode('é\n'), 0xe9, 0x0a, ...utf8.encode('ö\n')])
  for (const size of [1, 2, 100]) expect(split(bytes, size)).toBe('é\né\nö\n')
})

test('UTF-16 is known by its byte order mark', () => {
  const little = Uint8Array.from([0xff, 0xfe, 0x61, 0, 0x0a, 0, 0x62, 0])
  const big = Uint8Array.from([0xfe, 0xff, 0, 0x61, 0, 0x0a, 0, 0x62])
  for (const size of [1, 3, 100]) {
    expect(split(little, size)).toBe('a\nb\n')
    expect(split(big, size)).toBe('a\nb\n')
  }
})

test('UTF-16 without a mark is known by the zeros of its first line', () => {
  const wide = (text: string, shift: number) =>
    Uint8Array.from([...text].flatMap((char) => [char.charCodeAt(0), 0]).map((_, at, all) => all[at ^ shift] ?? 0))
  for (const size of [1, 3, 100]) {
    expect(split(wide('Out of memory\nb\n', 0), size)).toBe('Out of memory\nb\n')
    expect(split(wide('Out of memory\nb\n', 1), size)).toBe('Out of memory\nb\n')
  }
})

test('CR alone ends lines where the text uses it so', () => {
  for (const size of [1, 2, 100]) {
    expect(split(utf8.encode('a\rb\rc'), size)).toBe('a\nb\nc\n')
    expect(split(utf8.encode('a\r\nb\r\n'), size)).toBe('a\r\nb\r\n')
    expect(split(utf8.encode('a\r\r\nb\r\r\n'), size)).toBe('a\r\r\nb\r\r\n')
  }
})

test('a line longer than its limit is cut, at a whole character', () => {
  const long = `${'€'.repeat(200_000)}\nb\n`
  const cut = split(utf8.encode(long), 1000)
  expect(cut.endsWith('\nb\n')).toBe(true)
  expect(cut.split('\n')[0]?.replaceAll('€', '')).toBe('')
})
