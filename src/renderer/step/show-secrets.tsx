/** Tokens, headers and passwords are dots until this is on. */
export function ShowSecrets({ on, change }: { on: boolean; change: (on: boolean) => void }) {
  return (
    <label className="check" style={{ padding: '4px 8px' }}>
      <input type="checkbox" checked={on} onChange={(event) => change(event.target.checked)} />
      <span>Show secrets</span>
    </label>
  )
}
