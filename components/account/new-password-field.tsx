/** As lib/auth sets it; the server refuses a shorter one in any case. */
const LEAST_PASSWORD = 10

/** The field of a password that is chosen, with what it must hold. `name` is its name in the form. */
export function NewPasswordField({ name, label }: { name: string; label: string }) {
  const hintId = `${name}-hint`
  return (
    <div className="field">
      <label htmlFor={name}>{label}</label>
      <input
        className="input"
        id={name}
        name={name}
        type="password"
        autoComplete="new-password"
        required
        minLength={LEAST_PASSWORD}
        maxLength={200}
        aria-describedby={hintId}
      />
      <p className="hint" id={hintId}>
        At least {LEAST_PASSWORD} characters.
      </p>
    </div>
  )
}
