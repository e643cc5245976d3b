import { realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A path inside the project this program belongs to. */
export function projectPath(path: string): string {
  // What was called is bin/oomscope.js, often through a link; the bundle itself may lie in a cache anywhere.
  return join(dirname(dirname(realpathSync(process.argv[1] ?? '.'))), path)
}
