/** A refusal of the sign-in endpoint in words; it does not tell whether the address has an account. */
export async function problemOf(response: Response): Promise<string> {
  if (response.status === 401) return 'The e-mail address or the password is wrong.'
  if (response.status === 429) return 'Too many attempts. Wait a few seconds, then try again.'
  if (response.status === 403)
    return 'This address of the server is not one it knows as its own. Open it under its PUBLIC_URL.'
  return `The server answered ${response.status}. Try again.`
}
