/**
 * The name of an archive member as it may be shown. It is never used as a path of this machine; names that try to be one
 * elsewhere are refused all the same, because whoever made them meant harm.
 *
 * @returns null for absolute names, drive letters, "..", and NUL
 */
export function safeEntryName(raw: string): string | null {
  const name = raw.replace(/^(\.\/)+/, '')
  if (name === '' || name.includes('\0') || /^[/\\]/.test(name) || /^[A-Za-z]:[/\\]/.test(name)) return null
  // A backslash is an ordinary character of names here ("dev-disk-by\\x2dlabel"), and a separator elsewhere.
  if (name.split(/[/\\]/).includes('..')) return null
  // Control characters would move the cursor of whoever prints the name.
  return name.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd').slice(0, 1024)
}

/** True when a link points to something inside its own archive: that is read under its own name. */
export function isLinkInside(name: string, target: string): boolean {
  if (target.startsWith('/') || target.includes('\0')) return false
  let depth = name.split('/').length - 1
  for (const part of target.split('/')) {
    if (part === '..') depth -= 1
    else if (part !== '' && part !== '.') depth += 1
    if (depth < 0) return false
  }
  return true
}

/** "messages.1.gz" → "messages.1" */
export function withoutSuffix(name: string): string {
  return name.replace(/\.(gz|bz2|xz|zst|zstd|z)$/i, '') || name
}

/** The last part of a path, for a file that was packed alone. */
export function baseName(path: string): string {
  return path.split(/[/\\]/).at(-1) || path
}
