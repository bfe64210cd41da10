import { useState } from 'react'
import { unusedReason, type CaseDifference, type CaseRow } from '../../../contract/case.ts'
import { plural } from '../../../contract/words.ts'
import { canAccept } from '../../../engine/case/update.ts'
import { CaseTag } from '../../components/case-tag.tsx'
import { CheckRow } from '../../components/form-row.tsx'
import { Facts } from '../../components/list/preview.tsx'
import { openCase, testCases, updateCase } from '../../stores/cases.ts'

/** What a case came to, and what of it is expected from now on. */
export function CasePreview({ row }: { row: CaseRow }) {
  const { result, workflow, id } = row
  return (
    <div className="case-preview">
      <Facts
        rows={[
          ['State', <CaseTag key="state" state={result?.state ?? 'not run'} />],
          ['Workflow', workflow],
          ['MISP version', row.profile && `${row.profile}, chosen for this run`],
          ['File', <span key="file" className="mono">{`cases/${id}`}</span>],
          ['First differs at', firstOf(row)]
        ]}
      />
      {result === null && (
        <button className="btn" onClick={() => void testCases([id])}>
          Run this case
        </button>
      )}
      {result?.reasons
        // These stand below, with a tick each.
        .filter((reason) => !result.unused.some((place) => reason === unusedReason(place)))
        .map((reason) => (
          <p key={reason}>{reason}</p>
        ))}
      {result !== null && result.differences.length > 0 && <Differences row={row} differences={result.differences} />}
      {result !== null && result.unused.length > 0 && <Unused row={row} unused={result.unused} />}
    </div>
  )
}

function firstOf(row: CaseRow) {
  const { step = null, nodeId = null } = row.result ?? {}
  if (step === null) return null
  return (
    <button className="link" onClick={() => void openCase(row)}>
      step {step}
      {nodeId === null ? '' : `, node ${nodeId}`}
    </button>
  )
}

function Differences({ row, differences }: { row: CaseRow; differences: readonly CaseDifference[] }) {
  const [ticked, setTicked] = useState<ReadonlySet<number>>(new Set())
  const tick = (at: number, on: boolean) =>
    setTicked((was) => new Set(on ? [...was, at] : [...was].filter((one) => one !== at)))
  const update = () =>
    void updateCase(row, { ticked: [...ticked].map((at) => ({ at, text: differences[at]?.text ?? '' })) })
  return (
    <section aria-label="Differences">
      <h3>{plural(differences.length, 'difference')}</h3>
      <ul className="case-differences">
        {differences.map((one, at) => (
          <li key={`${at} ${one.text}`}>
            {canAccept(one) ? (
              <CheckRow label={one.text} checked={ticked.has(at)} onChange={(on) => tick(at, on)} />
            ) : (
              one.text
            )}
          </li>
        ))}
      </ul>
      <button className="btn" disabled={ticked.size === 0} onClick={update}>
        Expect what is ticked from now on
      </button>
    </section>
  )
}

/** Answers and mocks that are left over: a case that has some passes no more. */
function Unused({ row, unused }: { row: CaseRow; unused: readonly string[] }) {
  const [ticked, setTicked] = useState<readonly string[]>([])
  return (
    <section aria-label="Answers that nothing asks for">
      <h3>{plural(unused.length, 'answer')} that nothing asks for</h3>
      <ul className="case-differences">
        {unused.map((place) => (
          <li key={place}>
            <CheckRow
              label={<span className="mono">{place}</span>}
              checked={ticked.includes(place)}
              onChange={(on) => setTicked((was) => unused.filter((one) => (one === place ? on : was.includes(one))))}
            />
          </li>
        ))}
      </ul>
      <button
        className="btn"
        disabled={ticked.length === 0}
        onClick={() => void updateCase(row, { unused: [...ticked] })}
      >
        Remove what is ticked from the case
      </button>
    </section>
  )
}
