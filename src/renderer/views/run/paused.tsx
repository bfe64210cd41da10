// A run that waits before its next node: one node further, on to the next breakpoint or the end, or with other data.
import { useEffect, useMemo, useState } from 'react'
import { createStore } from 'zustand/vanilla'
import { useStore } from 'zustand'
import type { Params } from '../../../contract/operations.ts'
import { client } from '../../client/client.ts'
import { Dialog } from '../../components/dialog.tsx'
import { FailureState, Loading } from '../../components/empty-state.tsx'
import { Icon } from '../../components/icons.tsx'
import { DataEditor } from '../../components/quick-edit/data-editor.tsx'
import { completeMisp } from '../../components/misp-completion.ts'
import { showFailure } from '../../stores/app.ts'
import { addCommands } from '../../stores/commands.ts'
import { useAnswer } from '../../hooks/use-answer.ts'

/** Nodes before which the runs of this window stop, by run. */
export const breakpoints = createStore<{ readonly byRun: ReadonlyMap<string, ReadonlySet<number>> }>(() => ({
  byRun: new Map()
}))

export function toggleBreakpoint(runId: string, nodeId: number): void {
  const { byRun } = breakpoints.getState()
  const nodes = new Set(byRun.get(runId))
  if (!nodes.delete(nodeId)) nodes.add(nodeId)
  breakpoints.setState({ byRun: new Map(byRun).set(runId, nodes) })
}

export async function cancel(runId: string): Promise<void> {
  const answer = await client.call('run.cancel', { runId })
  if (!answer.ok) showFailure(answer.error)
}

async function go(runId: string, command: 'next' | 'continue', data?: Params<'run.step'>['data']): Promise<void> {
  const stops = [...(breakpoints.getState().byRun.get(runId) ?? [])]
  const answer = await client.call('run.step', {
    runId,
    command,
    breakpoints: stops,
    ...(data === undefined ? {} : { data })
  })
  if (!answer.ok) showFailure(answer.error)
}

/** The node that a paused run stands before; null while nobody knows. */
export function useStanding(runId: string, paused: boolean, steps: number): number | null {
  const [nodeId, setNodeId] = useState<number | null>(null)
  useEffect(() => {
    let wanted = true
    setNodeId(null)
    if (paused)
      void client.call('run.paused', { runId }).then((answer) => wanted && answer.ok && setNodeId(answer.data.nodeId))
    return () => {
      wanted = false
    }
  }, [runId, paused, steps])
  return nodeId
}

export function PausedControls({ runId }: { runId: string }) {
  const [editing, setEditing] = useState(false)
  const stops = useStore(breakpoints, ({ byRun }) => byRun.get(runId)?.size ?? 0)
  useEffect(
    () =>
      addCommands([
        { id: 'run.step', title: 'Run the next node', group: 'Run', keys: 'n', run: () => void go(runId, 'next') },
        {
          id: 'run.continue',
          title: 'Continue to the next breakpoint or the end',
          group: 'Run',
          keys: 'shift+f5',
          run: () => void go(runId, 'continue')
        },
        {
          id: 'run.editData',
          title: 'Edit the data and continue…',
          group: 'Run',
          keys: 'd',
          run: () => setEditing(true)
        }
      ]),
    [runId]
  )
  return (
    <>
      <button className="btn primary" onClick={() => void go(runId, 'next')} title="Run the next node (N)">
        <Icon name="forward-step" /> Next node
      </button>
      <button
        className="btn"
        onClick={() => void go(runId, 'continue')}
        title={
          stops > 0
            ? 'Continue to the next breakpoint (Shift+F5)'
            : 'Continue to the end (Shift+F5). Click a node that has not been executed to set a breakpoint.'
        }
      >
        <Icon name="forward" /> Continue{stops > 0 && ` (${stops})`}
      </button>
      <button className="btn" onClick={() => setEditing(true)} title="Edit the data before the next node (D)">
        <Icon name="pen" /> Edit data
      </button>
      <button className="btn danger" onClick={() => void cancel(runId)}>
        <Icon name="stop" /> Cancel
      </button>
      {editing && <EditData runId={runId} onClose={() => setEditing(false)} />}
    </>
  )
}

const parsed = (text: string): { readonly value?: Params<'run.step'>['data']; readonly error?: string } => {
  try {
    const value = JSON.parse(text) as Params<'run.step'>['data']
    return typeof value === 'object' && value !== null ? { value } : { error: 'The data is not a JSON object.' }
  } catch (error) {
    return { error: error instanceof Error ? error.message : 'Invalid JSON.' }
  }
}

/** Replaces the roaming data of a paused run. */
function EditData({ runId, onClose }: { runId: string; onClose: () => void }) {
  const answer = useAnswer('run.paused', { runId, data: true })
  const [text, setText] = useState<string | null>(null)
  const [diff, setDiff] = useState(false)
  const original = answer?.ok ? answer.data.text : null
  const current = text ?? original ?? ''
  const { value, error } = useMemo(() => parsed(current), [current])
  const changed = text !== null && text !== original
  const use = (command: 'next' | 'continue') => {
    onClose()
    void go(runId, command, changed ? value : undefined)
  }
  return (
    <Dialog
      title={answer?.ok ? `Data before node ${answer.data.nodeId} (${answer.data.moduleId})` : 'Data'}
      wide
      onClose={onClose}
      footer={
        <>
          {changed && <span className="tag edited">edited</span>}
          {changed && error !== undefined && <span role="alert">{error}</span>}
          <span className="grow" />
          <button className="btn" aria-pressed={diff} disabled={!changed} onClick={() => setDiff(!diff)}>
            <Icon name="compare" /> Diff
          </button>
          <button className="btn" disabled={error !== undefined} onClick={() => use('next')}>
            <Icon name="forward-step" /> Apply and run the next node
          </button>
          <button className="btn primary" disabled={error !== undefined} onClick={() => use('continue')}>
            <Icon name="forward" /> Apply and continue
          </button>
        </>
      }
    >
      <div style={{ height: '56vh' }}>
        {!answer ? (
          <Loading label="Loading data" />
        ) : !answer.ok ? (
          <FailureState failure={answer.error} />
        ) : original === null ? (
          <p className="muted">
            Too large to edit here. Run the workflow again on an edited copy of the data, or on a smaller event.
          </p>
        ) : (
          <DataEditor
            value={current}
            onChange={setText}
            complete={completeMisp}
            label="Roaming data"
            original={diff ? original : null}
          />
        )}
      </div>
    </Dialog>
  )
}
