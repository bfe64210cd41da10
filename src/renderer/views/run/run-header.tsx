import { memo, useState } from 'react'
import type { MouseEvent } from 'react'
import { useStore } from 'zustand'
import type { Json } from '../../../contract/json.ts'
import { openMenu } from '../../components/menu.tsx'
import { openWorkflowOfRun, saveWorkflowOfRun } from '../../stores/workflow-of-run.ts'
import { againCodes, incompleteCodes } from '../../../contract/run.ts'
import { isModuleRun } from '../../../contract/run-views.ts'
import type { RunDetail, RunParent, RunSummary } from '../../../contract/run-views.ts'
import { Dialog } from '../../components/dialog.tsx'
import { formatGrouping, formatMs, formatTime, outcomeLabel, outcomeTone } from '../../components/format.ts'
import { plural } from '../../../contract/words.ts'
import { profileLabel } from '../../components/profile-label.ts'
import { Icon } from '../../components/icons.tsx'
import { verifyRun } from '../../stores/verify.ts'
import { VerifiedTag, verifiedTitle } from '../../components/verified-tag.tsx'
import { openRuns } from '../../stores/run.ts'
import { chooseOther } from '../../stores/other-run.ts'
import { buildHash, navigate } from '../../stores/router.ts'
import { againAsItWas, againToday, asItWasHint, todayHint } from '../../stores/run-again.ts'
import { KeepCase } from './keep-case-dialog.tsx'
import { ChainLine } from './chain-line.tsx'
import { RunTags } from './answered-tags.tsx'
import { cancel, PausedControls } from './paused.tsx'

/** MISP posts no text for its user: what the node said that stopped the run is in its own post. */
function errorsOfStop({ summary, steps }: RunDetail): readonly string[] {
  if (summary.outcome !== 'blocked') return []
  const stopped = steps.findLast(({ moduleType, success }) => moduleType !== 'logic' && !success)
  const errors = typeof stopped?.errors === 'object' && stopped.errors !== null ? Object.values(stopped.errors) : []
  return errors
    .filter((text) => typeof text === 'string')
    .map((text) => `${stopped?.moduleId} (${stopped?.nodeId}): ${text}`)
}

/** What the outcome meant in MISP, in MISP's own text where there is one. */
function Consequence({ detail }: { detail: RunDetail }) {
  const { summary, consequence, throwable, blockingErrors } = detail
  const tone = outcomeTone(summary)
  // Why nothing was run, or why nobody can tell how it ended, is all that there is to say then.
  const reason = ['not started', 'cannot tell'].includes(summary.outcome ?? '') ? summary.outcomeText : ''
  if (!consequence && !throwable && blockingErrors.length === 0 && reason === '') return null
  const texts = throwable
    ? [`${throwable.class}: ${throwable.message}`]
    : [...(blockingErrors.length > 0 ? blockingErrors : errorsOfStop(detail)), ...(reason === '' ? [] : [reason])]
  return (
    <div className={`consequence ${['blocked', 'aborted', 'failure'].includes(tone) ? tone : 'plain'}`} role="note">
      {consequence && <b>{consequence}</b>}
      {texts.map((text) => (
        <span key={text} className="mono">
          {text}
        </span>
      ))}
      {throwable?.hint && <span>{throwable.hint}</span>}
      {detail.aftermath && (
        <details>
          <summary>What MISP shows</summary>
          {detail.aftermath}
        </details>
      )}
    </div>
  )
}

/** What is not there of the run, and why. */
function Incomplete({ notes }: Pick<RunDetail, 'notes'>) {
  const texts = notes.flatMap(({ code, text }) => (incompleteCodes.includes(code) ? [text] : []))
  if (texts.length === 0) return null
  return (
    <div className="consequence plain" role="note" aria-label="Not all of the run is here">
      {texts.map((text) => (
        <span key={text}>{text}</span>
      ))}
    </div>
  )
}

interface RunHeaderProps {
  readonly detail: RunDetail
  readonly rebuilt: boolean
  readonly workflow: Json
}

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

/** What the run is and how it was made, on a line of its own that wraps: nothing of it is cut off by what can be done with it. */
function Facts({ detail, rebuilt }: Pick<RunHeaderProps, 'detail' | 'rebuilt'>) {
  const { summary, pathType } = detail
  return (
    <div className="facts">
      {summary.event && (
        <span className="event ellipsis" title={summary.event.info}>
          {summary.event.info} {summary.event.id && `#${summary.event.id}`}
        </span>
      )}
      <span title={summary.startedAt}>{formatTime(summary.startedAt)}</span>
      <span>{plural(summary.steps, 'node')}</span>
      {summary.durationMs !== null && <span>{formatMs(summary.durationMs)}</span>}
      {pathType && <span>{pathType}</span>}
      <Marks detail={detail} rebuilt={rebuilt} />
      {summary.parent && (
        <a href={buildHash(['runs', summary.parent.runId])}>{parentLabels[summary.parent.relation]}</a>
      )}
    </div>
  )
}

function Marks({ detail, rebuilt }: Pick<RunHeaderProps, 'detail' | 'rebuilt'>) {
  const { summary } = detail
  return (
    <>
      {detail.insteadOf !== undefined && (
        <span className="tag mock" title={`The workflow’s own trigger is ${detail.insteadOf}`}>
          run as {summary.trigger}
        </span>
      )}
      <RunTags detail={detail} />
      <span className="tag">{summary.origin === 'imported' ? 'from MISP’s log, without data' : summary.origin}</span>
      {detail.profile !== null && (
        <span className="tag" title={`Treated as MISP ${profileLabel(detail.profile)}`}>
          MISP {detail.profile}
        </span>
      )}
      {summary.verified && (
        <span className="verified" title={verifiedTitle(summary)}>
          verified: <VerifiedTag run={summary} />
        </span>
      )}
      {rebuilt && (
        <span className="tag derived" title="The workflow is unknown: this graph was derived from the posts">
          graph derived
        </span>
      )}
      {summary.confidence !== null && (
        <span className={`tag ${summary.confidence < 0.9 ? 'mock' : ''}`} title={summary.reason}>
          {formatGrouping(summary.confidence)}
        </span>
      )}
    </>
  )
}

/** What MISP runs is not ours to stop. */
const isRunningHere = ({ state, origin }: RunSummary): boolean => state === 'running' && origin === 'local'

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

const parentLabels: Readonly<Record<RunParent['relation'], string>> = {
  again: 'Original run',
  nested: 'Parent run',
  job: 'Parent run',
  start: 'First run of this start'
}

/** Of a run that was run again: what is another thing than it was. */
function SinceThen({ notes }: Pick<RunDetail, 'notes'>) {
  const texts = notes.flatMap(({ code, text }) => (againCodes.includes(code) ? [text] : []))
  const [all, setAll] = useState(false)
  if (texts.length === 0) return null
  return (
    <div className="consequence plain" role="note" aria-label="Changed since the original run">
      <b>Changed since the original run</b>
      {(all ? texts : texts.slice(0, fewTexts)).map((text) => (
        <span key={text}>{text}</span>
      ))}
      {!all && texts.length > fewTexts && (
        <button className="btn quiet" onClick={() => setAll(true)}>
          {plural(texts.length - fewTexts, 'more change')}
        </button>
      )}
    </div>
  )
}

const fewTexts = 3

function Actions({ detail, rebuilt, workflow }: RunHeaderProps) {
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

export const RunHeader = memo(function RunHeader({ detail, rebuilt, workflow }: RunHeaderProps) {
  const { summary } = detail
  return (
    <>
      <header className="run-head">
        <a className="btn quiet icon" href="#/runs" aria-label="Back to runs" title="Back to runs (Esc)">
          <Icon name="list" />
        </a>
        <span className={`tag outcome ${outcomeTone(summary)}`}>
          {isRunningHere(summary) && <span className="spinner" style={{ width: 10, height: 10 }} />}
          {outcomeLabel(summary)}
        </span>
        <h1
          className="ellipsis"
          title={[summary.name, summary.workflowName, summary.trigger].filter(Boolean).join(' · ')}
        >
          {summary.name ?? summary.workflowName ?? 'Unknown workflow'}{' '}
          <span className="muted">
            {[summary.name === null ? null : summary.workflowName, summary.trigger]
              .filter(Boolean)
              .map((text) => `· ${text} `)}
          </span>
        </h1>
        <Actions detail={detail} rebuilt={rebuilt} workflow={workflow} />
        <Facts detail={detail} rebuilt={rebuilt} />
      </header>
      <Consequence detail={detail} />
      {detail.chain && <ChainLine runId={summary.id} chain={detail.chain} label="Why it ended so" />}
      <Incomplete notes={detail.notes} />
      <SinceThen notes={detail.notes} />
    </>
  )
})
