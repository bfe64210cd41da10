import { memo, useState } from 'react'
import type { StepDifferences } from '../../../contract/comparison.ts'
import { plural } from '../../../contract/words.ts'
import { FailureState, Loading } from '../../components/empty-state.tsx'
import { Icon, moduleIcon } from '../../components/icons.tsx'
import { Sentence } from '../../components/param-form/sentence.tsx'
import { useAnswer } from '../../hooks/use-answer.ts'
import { ChangeSentenceRow, RawDiff } from '../../step/changes-tab.tsx'
import { definitionNow } from '../../stores/added-modules.ts'
import { buildHash } from '../../stores/router.ts'
import { placeNames, stateOf, stepsOf } from './lines.ts'
import type { Lines } from './lines.ts'
import { StateTag } from './state-tag.tsx'

interface CompareInspectorProps {
  readonly lines: Lines
  readonly line: number
  readonly raw: boolean
  readonly setRaw: (raw: boolean) => void
}

/** Everything that the chosen line differs in, from A to B. */
export const CompareInspector = memo(function CompareInspector({ lines, line, raw, setRaw }: CompareInspectorProps) {
  const { a, b } = lines
  const answer = useAnswer('runs.compareStep', {
    ...{ runId: a.summary.id, otherId: b.summary.id },
    ...{ row: line - 1, limit: 500 }
  })
  return (
    <section className="column" aria-label="Differences of the line">
      <LineHead lines={lines} line={line} raw={raw} setRaw={setRaw} />
      {/* There while it waits, too: who goes into it by keyboard is not left outside. */}
      <div className="scroll compare-parts" tabIndex={0} aria-label="Differences" id="compare-parts">
        {!answer ? (
          <Loading label="Comparing" />
        ) : !answer.ok ? (
          <FailureState failure={answer.error} />
        ) : (
          <>
            <Because told={answer.data} />
            <Reasons told={answer.data} />
            {answer.data.parts.map((part) => (
              <Part key={`${line} ${part.in}`} part={part} raw={raw} />
            ))}
            {answer.data.parts.length === 0 && <Nothing lines={lines} line={line} />}
          </>
        )}
      </div>
    </section>
  )
})

function LineHead({ lines, line, raw, setRaw }: CompareInspectorProps) {
  const [a, b] = stepsOf(lines, line)
  const step = a ?? b
  const { trigger } = lines.a.summary
  const definition = step ? definitionNow(step.moduleType, step.moduleId) : definitionNow('trigger', trigger)
  const open = (letter: 'A' | 'B', runId: string, number: number) => (
    <a
      className={`btn side-${letter.toLowerCase()}`}
      href={buildHash(['runs', runId, 'step', number])}
      title={`Open it in run ${letter}`}
    >
      {letter} {number === 0 ? 'start' : `step ${number}`}
    </a>
  )
  return (
    <div className="inspector-head">
      <div className="line">
        <Icon name={moduleIcon(definition?.icon)} size={14} />
        <h2 className="ellipsis">{step ? step.name || step.moduleId : 'Trigger data'}</h2>
        {step && <span className="mono muted nowrap">node {step.nodeId}</span>}
        <StateTag state={stateOf(lines, line)} />
        <span className="grow" />
        {(line === 0 || a) && open('A', lines.a.summary.id, a?.step ?? 0)}
        {(line === 0 || b) && open('B', lines.b.summary.id, b?.step ?? 0)}
        <button
          className="btn"
          aria-pressed={raw}
          title="The places with their values (D)"
          onClick={() => setRaw(!raw)}
        >
          Raw diff
        </button>
      </div>
    </div>
  )
}

const Because = ({ told: { because } }: { told: StepDifferences }) =>
  because && (
    <p className="compare-because">
      <Sentence text={because.text} />
    </p>
  )

/** Why the step came out as it did, in each of the runs. */
function Reasons({ told: { reasons } }: { told: StepDifferences }) {
  if (reasons.every((reason) => reason === null)) return null
  return (
    <div className="section">
      <h2>Why</h2>
      <div className="compare-why">
        {reasons.map((reason, i) => (
          <div key={i} className={`why side-${i === 0 ? 'a' : 'b'}`}>
            <b>{i === 0 ? 'A' : 'B'}</b>{' '}
            {reason ? <Sentence text={reason.text} /> : <span className="muted">not executed</span>}
          </div>
        ))}
      </div>
    </div>
  )
}

function Part({ part: { in: place, changes }, raw }: { part: StepDifferences['parts'][number]; raw: boolean }) {
  const [all, setAll] = useState(false)
  const most = 12
  const shown = all ? changes.words : changes.words.slice(0, most)
  return (
    <section className="section compare-part" aria-label={placeNames[place]}>
      <h2>
        {placeNames[place]}{' '}
        <span className="muted">
          {changes.isCut && 'more than '}
          {plural(changes.total, 'difference')}
        </span>
      </h2>
      {raw ? (
        <RawDiff changes={changes.changes} />
      ) : (
        <ul className="plain-list">
          {shown.map((sentence, i) => (
            <ChangeSentenceRow key={i} sentence={sentence} changes={changes.changes} />
          ))}
        </ul>
      )}
      {!raw && changes.words.length > most && !all && (
        <button className="btn quiet" onClick={() => setAll(true)}>
          All {changes.words.length}
        </button>
      )}
    </section>
  )
}

function Nothing({ lines, line }: { lines: Lines; line: number }) {
  const state = stateOf(lines, line)
  if (state === 'only a' || state === 'only b')
    return <p className="muted section">Run {state === 'only a' ? 'B' : 'A'} has no step here to compare with.</p>
  return (
    <p className="muted section">
      {line === 0
        ? 'Both runs started with the same data.'
        : 'Input, output, parameters, errors, effects, database changes and result are the same in both runs.'}
    </p>
  )
}
