/** A sentence of the catalogue with its numbers: stored as this, put into words when shown. */
export interface Message {
  key: string
  params: Record<string, string | number | null>
}
