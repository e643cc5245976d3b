/** "1204 rows in 31 tables" */
export function rowsWords(counts: Record<string, number>): string {
  const all = Object.values(counts)
  return `${all.reduce((sum, rows) => sum + rows, 0)} rows in ${all.length} tables`
}
