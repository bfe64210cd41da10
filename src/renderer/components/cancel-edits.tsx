import type { DraftState } from '../hooks/use-draft.ts'

/** “Cancel” of a dialog whose edits are there again when it was closed in another way. */
export function CancelEdits({ draft, onClose }: { draft: DraftState; onClose: () => void }) {
  return (
    <>
      {draft.changed && <span className="tag mock">unsaved edits</span>}
      <button
        className="btn"
        onClick={() => {
          draft.settle()
          onClose()
        }}
      >
        Cancel
      </button>
    </>
  )
}
