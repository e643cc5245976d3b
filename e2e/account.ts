/** Where the first test leaves the administrator's session for the others. */
export const SIGNED_IN = 'test-results/signed-in.json'

export const ADMINISTRATOR = {
  name: 'Ada Admin',
  email: 'ada@example.org',
  password: 'correct horse battery staple',
}
