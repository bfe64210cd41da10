// Which hash paths are watched in the runs of the workflow.
import { useEffect, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { mostWatches } from '../../../contract/watch.ts'
import { pathFault } from '../../../engine/hash/fault.ts'
import { Dialog } from '../../components/dialog.tsx'
import { HashPathField } from '../../components/hash-path/hash-path-field.tsx'
import { Icon } from '../../components/icons.tsx'
import { addCommands } from '../../stores/commands.ts'
import { addWatch, removeWatch, watchedOf, watches } from '../../stores/watches.ts'

/** Opened by W, too. */
export function useWatchDialog() {
  const [open, setOpen] = useState(false)
  useEffect(
    () =>
      addCommands([{ id: 'run.watch', title: 'Watch hash paths…', group: 'Run', keys: 'w', run: () => setOpen(true) }]),
    []
  )
  return [open, setOpen] as const
}

export function WatchDialog({ runId, step, onClose }: { runId: string; step: number; onClose: () => void }) {
  const { paths } = useStore(watches, ({ byRun }) => byRun.get(runId)) ?? watchedOf(runId)
  const [path, setPath] = useState('')
  const done = useRef<HTMLButtonElement>(null)
  const [fault, setFault] = useState<string | null>(null)
  const add = () => {
    const wrong = pathFault(path.trim())
    setFault(wrong)
    if (wrong !== null) return
    addWatch(runId, path.trim())
    setPath('')
    // Enter again ends it; in the field Tab would take what it offers.
    done.current?.focus()
  }
  const which = step === 0 ? 'normalized' : 'output'
  return (
    <Dialog
      title="Watch hash paths"
      onClose={onClose}
      footer={
        <button ref={done} className="btn" onClick={onClose}>
          Done
        </button>
      }
    >
      <p className="muted">
        Each hash path becomes a column of the timeline, marked where a step changed what it finds. Up to {mostWatches}{' '}
        are kept with the workflow.
      </p>
      <form
        className="watch-form"
        onSubmit={(event) => {
          event.preventDefault()
          add()
        }}
      >
        <div className="grow">
          <HashPathField
            id="watch-path"
            label="Hash path"
            value={path}
            onChange={(next) => {
              setPath(next)
              setFault(null)
            }}
            data={{ runId, step, which }}
            placeholder="Event.Tag.{n}.name"
          />
          {fault !== null && (
            <p className="finds bad" role="alert">
              That is no hash path. {fault}
            </p>
          )}
        </div>
        <button className="btn primary" type="submit" disabled={path.trim() === '' || paths.length >= mostWatches}>
          Watch
        </button>
      </form>
      {paths.length > 0 && (
        <ul className="watch-list" aria-label="Watched">
          {paths.map((one) => (
            <li key={one}>
              <code className="grow">{one}</code>
              <button
                className="btn quiet icon"
                aria-label={`Stop watching ${one}`}
                onClick={() => removeWatch(runId, one)}
              >
                <Icon name="xmark" />
              </button>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  )
}
