import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A file of the project this program was bundled from. @throws when the program was taken out of its project */
export function projectFile(path: string): string {
  // `bin/oomscope.js` is what was called; the bundle itself may lie in a cache anywhere.
  const root = dirname(dirname(process.argv[1] ?? ''))
  const file = join(root, path)
  if (!existsSync(file)) throw new Error(`${file} is missing`)
  return file
}
