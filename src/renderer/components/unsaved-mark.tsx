/** Stands where edits are that are saved nowhere. */
export function UnsavedMark({ changed, undo }: { changed: boolean; undo: () => void }) {
  if (!changed) return null
  return (
    <span role="status" style={{ display: 'inline-flex', gap: 8, alignItems: 'center' }}>
      <span className="tag mock">unsaved edits</span>
      <button className="btn" type="button" onClick={undo}>
        Undo edits
      </button>
    </span>
  )
}
