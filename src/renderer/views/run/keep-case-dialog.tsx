import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import { expectable } from '../../../contract/case.ts'
import type { Expectable } from '../../../contract/case.ts'
import { isModuleRun } from '../../../contract/run-views.ts'
import type { RunDetail, RunSummary } from '../../../contract/run-views.ts'
import { messageIn } from '../../../engine/case/make.ts'
import { previewOf } from '../../../engine/format/preview.ts'
import { Dialog } from '../../components/dialog.tsx'
import { CancelOr } from '../../components/dialog-buttons.tsx'
import { AreaRow, CheckRow, TextRow } from '../../components/form-row.tsx'
import { Icon } from '../../components/icons.tsx'
import { keepCase } from '../../stores/cases.ts'
import { toast } from '../../stores/app.ts'
import { addCommands } from '../../stores/commands.ts'
import { library } from '../../stores/library.ts'
import { openRuns } from '../../stores/run.ts'
import { ChooseValues, pathsIn } from './case-values.tsx'

const labels: Readonly<Record<Exclude<Expectable, 'message'>, string>> = {
  outcome: 'Outcome, and what MISP says when it does not succeed',
  path: 'Path: the steps in their order, and which way each went',
  effects: 'Effects: everything that would leave MISP',
  changes: 'Changes of MISP’s database'
}

/** As a case expects it; empty: the run succeeded, or MISP says nothing. */
const messageOfRun = ({ summary, blockingErrors, throwable }: RunDetail): string =>
  summary.outcome === 'success'
    ? ''
    : messageIn({ blockingErrors, outcomeText: summary.outcomeText, ...(throwable ? { throwable } : {}) })

/** Of MISP’s log there are only lines; what still runs may come out otherwise. */
const mayBeCase = ({ origin, state }: RunSummary): boolean => origin !== 'imported' && state === 'done'

/** The way from a run to a case, by button and by key. */
export function KeepCase({ detail }: { detail: RunDetail }) {
  const [isOpen, setOpen] = useState(false)
  const isPossible = mayBeCase(detail.summary)
  const kept = useStore(openRuns, ({ byId }) => byId.get(detail.summary.id)?.notRepeatable ?? null)
  const why = isModuleRun(detail.summary)
    ? 'A module that was run on its own has no workflow; a case is of a workflow'
    : kept
  useEffect(
    () =>
      addCommands([
        {
          ...{ id: 'run.keep', title: 'Keep as case…', group: 'Run', keys: 'q' },
          ...{ when: () => isPossible, run: () => (why === null ? setOpen(true) : toast(why)) }
        }
      ]),
    [isPossible, why]
  )
  if (!isPossible) return null
  return (
    <>
      <button
        className="btn"
        title={why ?? 'Keep this run as a test (Q)'}
        disabled={why !== null}
        onClick={() => setOpen(true)}
      >
        <Icon name="list-check" /> Keep as case…
      </button>
      {isOpen && <KeepCaseDialog detail={detail} onClose={() => setOpen(false)} />}
    </>
  )
}

/** The run as a test: what of it is expected from now on. */
function KeepCaseDialog({ detail, onClose }: { detail: RunDetail; onClose: () => void }) {
  const { summary } = detail
  const [name, setName] = useState(summary.name ?? '')
  const [ticked, setTicked] = useState<readonly Expectable[]>(['outcome', 'path'])
  const [paths, setPaths] = useState('')
  const [byName, setByName] = useState(false)
  const hasWorkflow = useStore(library, ({ workflows }) => workflows?.some((one) => one.name === summary.workflowName))
  const [busy, setBusy] = useState(false)
  const message = messageOfRun(detail)
  const isIncluded = (one: Expectable): boolean => one === 'message' && ticked.includes('outcome')
  const values = pathsIn(paths)
  const isReady = !busy && ticked.length + values.length > 0
  const keep = async () => {
    if (!isReady) return
    setBusy(true)
    const given = name.trim() === '' ? {} : { name: name.trim().slice(0, 200) }
    const isKept = await keepCase({ runId: summary.id, expect: [...ticked, ...values], byName, ...given })
    setBusy(false)
    if (isKept) onClose()
  }
  return (
    <Dialog
      title="Keep as case"
      onClose={onClose}
      footer={
        <CancelOr onCancel={onClose} isOff={!isReady} onDo={() => void keep()}>
          Keep
        </CancelOr>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void keep()
        }}
      >
        <TextRow
          id="case-name"
          label="Name"
          placeholder="Workflow, outcome and event"
          data-autofocus
          maxLength={200}
          value={name}
          onChange={setName}
        />
        <fieldset className="case-ticks">
          <legend>Expected from now on</legend>
          {expectable
            .filter((one) => one !== 'message' || message !== '')
            .map((one) => (
              <CheckRow
                key={one}
                label={one === 'message' ? `Only what MISP says: “${previewOf(message)}”` : labels[one]}
                checked={ticked.includes(one) || isIncluded(one)}
                disabled={isIncluded(one)}
                onChange={(on) => setTicked((was) => expectable.filter((it) => (it === one ? on : was.includes(it))))}
              />
            ))}
        </fieldset>
        {hasWorkflow && (
          <CheckRow
            label={`With the workflow “${summary.workflowName}” as it is whenever the case runs, instead of as it was in this run`}
            checked={byName}
            onChange={setByName}
          />
        )}
        <AreaRow
          id="case-paths"
          label="Values at hash paths, one a line"
          rows={3}
          mono
          placeholder="Event.Tag.{n}.name"
          value={paths}
          onChange={setPaths}
        />
      </form>
      <ChooseValues detail={detail} text={paths} onChange={setPaths} />
      <p className="muted">
        The file goes to cases/ of the workspace. Secrets are not in it; what the run read of MISP’s database is.
      </p>
    </Dialog>
  )
}
