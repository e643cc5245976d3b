/** What the API answers when it refuses: RFC 9457. */
interface Problem {
  title?: string
  detail?: string
  errors?: { pointer: string; detail: string }[]
}

export type Answer<T> = { isOk: true; value: T } | { isOk: false; words: string }

/** Sends JSON to the API and puts a refusal into words. `T` is what the endpoint's contract promises. */
export async function send<T>(method: 'POST' | 'PATCH' | 'DELETE', url: string, body?: unknown): Promise<Answer<T>> {
  try {
    const response = await fetch(url, {
      method,
      headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    const text = await response.text()
    if (response.ok) return { isOk: true, value: (text ? JSON.parse(text) : null) as T }
    return { isOk: false, words: problemWords(text, response.status) }
  } catch {
    return { isOk: false, words: 'The server did not answer. Nothing was changed; try again.' }
  }
}

/** One or two sentences out of a problem document, whatever it holds. */
export function problemWords(text: string, status: number): string {
  try {
    const problem = JSON.parse(text) as Problem
    const details = problem.errors?.map((error) => error.detail).join(' ')
    return [problem.detail ?? problem.title, details].filter(Boolean).join(' ') || `The server answered ${status}.`
  } catch {
    return `The server answered ${status}.`
  }
}
