// What can be done with a run from its header.
import { useState } from 'react'
import type { MouseEvent } from 'react'
import { useStore } from 'zustand'
import { openMenu } from '../../components/menu.tsx'
import { openWorkflowOfRun, saveWorkflowOfRun } from '../../stores/workflow-of-run.ts'
import { isModuleRun } from '../../../contract/run-views.ts'
import type { RunSummary } from '../../../contract/run-views.ts'
import { Dialog } from '../../components/dialog.tsx'
import { plural } from '../../../contract/words.ts'
import { Icon } from '../../components/icons.tsx'
import { verifyRun } from '../../stores/verify.ts'
import { openRuns } from '../../stores/run.ts'
import { chooseOther } from '../../stores/other-run.ts'
import { buildHash, navigate } from '../../stores/router.ts'
import { againAsItWas, againToday, asItWasHint, todayHint } from '../../stores/run-again.ts'
import { KeepCase } from './keep-case-dialog.tsx'
import { cancel, PausedControls } from './paused.tsx'
import type { RunHeaderProps } from './run-facts.tsx'

/** From a run to its workflow: what the workspace has of it, or what the run shows of it as a workflow of the workspace. */
function WorkflowButton({ detail, rebuilt, workflow }: RunHeaderProps) {
  const { summary } = detail
  const open = (event: MouseEvent<HTMLButtonElement>) => {
    const { left, bottom } = event.currentTarget.getBoundingClientRect()
    openMenu({ clientX: left, clientY: bottom + 4 }, [
      { label: 'Open workflow', disabled: rebuilt, run: () => void openWorkflowOfRun(summary, workflow) },
      { label: 'Save as workflow', run: () => void saveWorkflowOfRun(summary, workflow, rebuilt) }
    ])
  }
  return (
    <button
      className="btn"
      aria-haspopup="menu"
      disabled={workflow === null}
      title={
        workflow !== null
          ? 'The workflow of this run'
          : isModuleRun(summary)
            ? 'The module was run on its own, without a workflow'
            : 'Nothing is known of the workflow of this run'
      }
      onClick={open}
    >
      <Icon name="layout" /> Workflow
    </button>
  )
}

/** What MISP runs is not ours to stop. */
export const isRunningHere = ({ state, origin }: RunSummary): boolean => state === 'running' && origin === 'local'

function Controls({ summary }: { summary: RunSummary }) {
  if (summary.state === 'paused') return <PausedControls runId={summary.id} />
  if (isRunningHere(summary))
    return (
      <button className="btn danger" onClick={() => void cancel(summary.id)}>
        <Icon name="stop" /> Cancel
      </button>
    )
  if (summary.origin === 'imported') return null
  return (
    <span className="split">
      <button
        className="btn primary"
        onClick={() => navigate(['workflows', 'run'], { again: summary.id })}
        title="Run again, with the same or edited data (R)"
      >
        <Icon name="redo-alt" /> Run again
      </button>
      {summary.origin === 'local' && <ExactChoices runId={summary.id} />}
    </span>
  )
}

/** Without a question: exactly as it was, or in today's world. */
function ExactChoices({ runId }: { runId: string }) {
  const why = useStore(openRuns, ({ byId }) => byId.get(runId)?.notRepeatable ?? null)
  const open = (event: MouseEvent<HTMLButtonElement>) => {
    const { left, bottom } = event.currentTarget.getBoundingClientRect()
    openMenu({ clientX: left, clientY: bottom + 4 }, [
      {
        label: why === null ? 'As it was' : 'As it was: not possible',
        disabled: why !== null,
        run: () => void againAsItWas(runId)
      },
      { label: 'With today’s world', run: () => void againToday(runId) }
    ])
  }
  return (
    <button
      className="btn primary icon"
      aria-haspopup="menu"
      aria-label="As it was, or with today’s world"
      title={`As it was (A): ${why ?? `${asItWasHint}.`}\nWith today’s world (T): ${todayHint}.`}
      onClick={open}
    >
      <Icon name="chevron-down" />
    </button>
  )
}

export function Actions({ detail, rebuilt, workflow }: RunHeaderProps) {
  const { summary } = detail
  const [assumptions, setAssumptions] = useState(false)
  return (
    <div className="actions">
      {(summary.effects > 0 || summary.worldChanges > 0) && (
        <a
          className="btn"
          href={buildHash(['runs', summary.id, 'effects'])}
          title="Everything the run sent and changed (F)"
        >
          <Icon name="paper-plane" /> Effects {summary.effects + summary.worldChanges}
        </a>
      )}
      {summary.parent?.relation === 'again' && (
        <a
          className="btn"
          href={buildHash(['runs', summary.parent.runId], { with: summary.id })}
          title="Both runs as one graph and one timeline (C)"
        >
          <Icon name="compare" /> Compare with original
        </a>
      )}
      <button
        className="btn"
        title={`Compare with another run (${summary.parent === null ? 'C' : 'M'})`}
        onClick={() => chooseOther(summary)}
      >
        {summary.parent?.relation !== 'again' && <Icon name="compare" />} Compare with…
      </button>
      {summary.origin !== 'imported' && <WorkflowButton detail={detail} rebuilt={rebuilt} workflow={workflow} />}
      <KeepCase detail={detail} />
      {detail.assumptions.length > 0 && (
        <button className="btn" onClick={() => setAssumptions(true)} title="What this run assumes">
          <Icon name="circle-info" /> {plural(detail.assumptions.length, 'assumption')}
        </button>
      )}
      {summary.origin === 'captured' && (
        <button
          className="btn"
          title="Hold an offline run of the same input against what MISP posted (V)"
          onClick={() => void verifyRun(summary.id)}
        >
          <Icon name="list-check" /> Verify
        </button>
      )}
      <Controls summary={summary} />
      {assumptions && <Assumptions texts={detail.assumptions} onClose={() => setAssumptions(false)} />}
    </div>
  )
}

const Assumptions = ({ texts, onClose }: { texts: readonly string[]; onClose: () => void }) => (
  <Dialog title="What this run assumes" onClose={onClose}>
    <ul style={{ margin: 0, paddingLeft: 18 }}>
      {texts.map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  </Dialog>
)
