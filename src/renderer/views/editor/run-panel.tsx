// The run over the canvas: how it ended, the data that went into and out of the chosen node, and running again with what was edited.
import { useEffect, useMemo, useState } from 'react'
import { mapInText } from '../../../contract/json.ts'
import type { RunDetail, RunStep } from '../../../contract/run-views.ts'
import { EmptyState, Loading } from '../../components/empty-state.tsx'
import { formatTime, outcomeLabel, outcomeTone } from '../../components/format.ts'
import { Icon } from '../../components/icons.tsx'
import { JsonTree } from '../../components/json-tree/json-tree.tsx'
import { completeMisp } from '../../components/misp-completion.ts'
import { DataEditor } from '../../components/quick-edit/data-editor.tsx'
import { useAnswer } from '../../hooks/use-answer.ts'
import { useStepSource } from '../../step/step-source.ts'
import { nodeInfo, outputLabel } from '../../stores/editor-model.ts'
import type { NodeInfo } from '../../stores/editor-model.ts'
import { buildHash } from '../../stores/router.ts'
import { useEditor, useEditorState } from './editor-context.ts'
import { runAgainHere } from './last-run.ts'
import { useOverlay } from './use-overlay.ts'

const indented = (text: string): string => {
  const value = mapInText(text)
  return value ? JSON.stringify(value, null, 2) : text
}

type Side = 'input' | 'output'

function StepData({ runId, step, which }: { runId: string; step: number; which: Side }) {
  const source = useStepSource(runId, step, which)
  return <JsonTree key={source.key} source={source} label={which === 'input' ? 'Data in' : 'Data out'} />
}

/** How it went on there, in the words of the node's outputs. */
function wordOf({ result, branch, success }: RunStep, outputs: readonly string[]): string {
  if (result === 'running') return 'running'
  if (branch === 'none') return 'went nowhere'
  if (branch !== null && outputs.length > 1) return outputLabel(outputs, branch)
  return success ? 'success' : 'failed'
}

/** One node's part in the run: data in and out, of each time that it ran. */
function NodeInRun({ detail, info: { nodeId, outputs } }: { detail: RunDetail; info: NodeInfo }) {
  const own = detail.steps.filter((step) => step.nodeId === nodeId)
  const [at, setAt] = useState(0)
  const [which, setWhich] = useState<Side>('output')
  const step = own[Math.min(at, own.length - 1)]
  if (!step) return <EmptyState title="Not reached">The run did not come to this node.</EmptyState>
  return (
    <>
      <div className="section run-node">
        <b>{step.name || step.moduleId}</b> <span className="muted">{wordOf(step, outputs)}</span>
        {own.length > 1 && (
          <select
            className="field"
            aria-label="Which time"
            value={at}
            onChange={(event) => setAt(Number(event.target.value))}
          >
            {own.map((one, i) => (
              <option key={one.step} value={i}>
                step {one.step}
              </option>
            ))}
          </select>
        )}
        <a href={buildHash(['runs', detail.summary.id, 'step', step.step])}>Step {step.step} of the run</a>
        {step.message && <p className="muted">{step.message}</p>}
      </div>
      <div className="tabs" role="tablist" aria-label="Data of the node">
        {(['input', 'output'] as const).map((one) => (
          <button key={one} role="tab" aria-selected={which === one} onClick={() => setWhich(one)}>
            {one === 'input' ? 'Data in' : 'Data out'}
          </button>
        ))}
      </div>
      <div className="run-data">
        <StepData key={`${step.step} ${which}`} runId={detail.summary.id} step={step.step} which={which} />
      </div>
    </>
  )
}

function Head({ detail, onAgain, edited }: { detail: RunDetail; onAgain: () => void; edited: boolean }) {
  const { summary } = detail
  return (
    <div className="section run-node">
      <span className={`tag ${outcomeTone(summary)}`}>{outcomeLabel(summary)}</span>
      <span className="muted">{formatTime(summary.startedAt)}</span>
      {edited && <span className="tag edited">data edited</span>}
      <a href={buildHash(['runs', summary.id])}>Open the run</a>
      <button className="btn primary" disabled={summary.state === 'running'} onClick={onAgain}>
        <Icon name="play" /> Run again
      </button>
    </div>
  )
}

/** The trigger's data, to be edited; the data of a node where one is chosen. */
function OpenRun({ detail }: { detail: RunDetail }) {
  const editor = useEditor()
  const { id } = detail.summary
  const selection = useEditorState((state) => state.selection)
  const answer = useAnswer('run.text', { runId: id, step: 0, which: 'original', path: [] })
  const [edited, setEdited] = useState<string | null>(null)
  useEffect(() => setEdited(null), [id])
  const original = useMemo(() => (answer?.ok ? indented(answer.data.text) : null), [answer])
  const isEdited = edited !== null && edited !== original
  const value = useMemo(() => (isEdited ? mapInText(edited) : null), [edited, isEdited])
  const key = selection.size === 1 ? [...selection][0] : undefined
  const info = key === undefined ? null : nodeInfo(editor.graph(), key)
  return (
    <div className="run-panel">
      <Head
        detail={detail}
        edited={isEdited}
        onAgain={() => {
          if (!isEdited || value) void runAgainHere(editor, detail, value)
        }}
      />
      {isEdited && !value && (
        <div className="banner warn" role="alert">
          The data is not a JSON object.
        </div>
      )}
      {info && info.moduleType !== 'trigger' ? (
        <NodeInRun key={`${id} ${info.nodeId}`} detail={detail} info={info} />
      ) : original === null ? (
        <Loading label="Loading data" />
      ) : (
        <div className="run-data">
          <DataEditor value={edited ?? original} onChange={setEdited} complete={completeMisp} label="Trigger data" />
        </div>
      )}
    </div>
  )
}

export function RunPanel() {
  const editor = useEditor()
  const isWanted = useEditorState((state) => state.runId !== null)
  const overlay = useOverlay()
  if (!isWanted)
    return (
      <EmptyState
        title="No run is shown"
        actions={
          <button className="btn" onClick={() => editor.setState({ dialog: { kind: 'try' } })}>
            Run…
          </button>
        }
      >
        “Last run” lays the newest run of this workflow over the graph.
      </EmptyState>
    )
  return overlay ? <OpenRun detail={overlay.detail} /> : <Loading label="Opening run" />
}
