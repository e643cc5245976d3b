/** Files chosen on another page: kept in memory while the browser goes to the upload page, then taken once. */
let pending: File[] = []

export function keepForUpload(files: File[]): void {
  pending = files
}

export function takePending(): File[] {
  const files = pending
  pending = []
  return files
}
