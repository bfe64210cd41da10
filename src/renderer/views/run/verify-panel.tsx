// Whether Retrace does what MISP did in the open run: the answer above the run, so that the steps that it names are seen below it.
import { useEffect, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { useStore } from 'zustand'
import type { RunDetail } from '../../../contract/run-views.ts'
import type { AcceptedDifference, VerifyMissing, VerifyReport } from '../../../contract/verify.ts'
import { plural } from '../../../contract/words.ts'
import { FailureState } from '../../components/empty-state.tsx'
import { Icon } from '../../components/icons.tsx'
import { Sentence } from '../../components/param-form/sentence.tsx'
import { kindLabels, verdictTone } from '../../components/verdict.ts'
import { useEscape } from '../../hooks/use-escape.ts'
import { buildHash } from '../../stores/router.ts'
import { cancelVerification, closeVerification, takeBack, verifications, verifyRun } from '../../stores/verify.ts'
import type { Verification } from '../../stores/verify.ts'
import { AcceptDialog } from './accept-dialog.tsx'
import { AgainstDialog } from './against-dialog.tsx'
import { Difference } from './verify-difference.tsx'
import './verify.css'

export function VerifyPanel({ detail }: { detail: RunDetail }) {
  const one = useStore(verifications, ({ byRun }) => byRun.get(detail.summary.id))
  return one ? <Panel detail={detail} one={one} /> : null
}

function Panel({ detail, one }: { detail: RunDetail; one: Verification }) {
  const runId = detail.summary.id
  const box = useRef<HTMLElement>(null)
  const { state, report, failure } = one
  const [dialog, setDialog] = useState<'against' | 'accept' | null>(null)
  const close = () => closeVerification(runId)
  useEscape(close, dialog === null)
  // The keyboard goes on in the answer, unless somebody types or answers a question.
  useEffect(() => {
    if (state === 'done' && !document.activeElement?.closest('[role="dialog"], [role="menu"], input, textarea, select'))
      box.current?.focus()
  }, [state])
  const again = () => void verifyRun(runId)
  return (
    <section ref={box} className="verify" aria-label="Verify" aria-busy={state === 'verifying'} tabIndex={-1}>
      <header>
        <span role="status" className="verify-verdict">
          {state === 'verifying' ? (
            <>
              <span className="spinner" /> Verifying…
            </>
          ) : (
            report && <Verdict report={report} />
          )}
        </span>
        {state === 'verifying' ? (
          <button className="btn" onClick={() => cancelVerification(runId)}>
            Cancel
          </button>
        ) : (
          <>
            {report?.first && report.first.kind !== 'fault' && (
              <button className="btn" onClick={() => setDialog('accept')} title="Expect this difference until a day">
                <Icon name="check" /> Accept…
              </button>
            )}
            <button
              className="btn"
              onClick={() => setDialog('against')}
              title="Choose the workflow, its version and the MISP version"
            >
              Verify against…
            </button>
            <button className="btn icon" onClick={again} aria-label="Verify again" title="Verify again (V)">
              <Icon name="redo-alt" />
            </button>
          </>
        )}
        <button className="btn quiet icon" aria-label="Close" title="Close (Esc)" onClick={close}>
          <Icon name="xmark" />
        </button>
      </header>
      {failure && <FailureState failure={failure} retry={again} />}
      {report && state !== 'failed' && (
        <div className={`verify-body${state === 'verifying' ? ' stale' : ''}`}>
          {report.first && <Difference detail={detail} first={report.first} />}
          {report.missing.length > 0 && <Missing missing={report.missing} choose={() => setDialog('against')} />}
          <Accepted accepted={report.accepted} />
          <Remarks report={report} />
        </div>
      )}
      {dialog === 'against' && <AgainstDialog detail={detail} against={one.against} onClose={() => setDialog(null)} />}
      {dialog === 'accept' && report?.first && (
        <AcceptDialog detail={detail} report={report} first={report.first} onClose={() => setDialog(null)} />
      )}
    </section>
  )
}

function Verdict({ report: { verdict, posts, equal, workflow, profile, accepted } }: { report: VerifyReport }) {
  const version = workflow && workflow.version > 0 ? ` version ${workflow.version}` : ''
  const said: Record<VerifyReport['verdict'], ReactNode> = {
    equal:
      accepted.length > 0
        ? `Offline as in MISP, but for ${plural(accepted.length, 'accepted difference')}.`
        : `Offline as in MISP: ${posts === 1 ? 'its post is' : `all ${posts} posts are`} the same.`,
    different: 'The offline run differs from what MISP did.',
    'cannot tell': 'Nobody can tell whether an offline run does what MISP did.'
  }
  return (
    <>
      <span className={`tag ${verdictTone[verdict]}`}>{verdict}</span> <b>{said[verdict]}</b>{' '}
      <span className="muted">
        {workflow === null ? '' : `${workflow.name || 'Workflow'}${version}, `}MISP {profile}
        {verdict !== 'equal' && `, ${equal} of ${plural(posts, 'post')} equal`}
      </span>
    </>
  )
}

/** Where to get what is missing. */
const places: { readonly [W in VerifyMissing['what']]?: { readonly label: string; readonly href: string } } = {
  workflow: { label: 'Import from MISP', href: buildHash(['connect']) },
  trigger: { label: 'Import from MISP', href: buildHash(['connect']) },
  world: { label: 'Import from MISP', href: buildHash(['connect']) },
  settings: { label: 'MISP settings', href: buildHash(['settings', 'misp']) },
  answer: { label: 'Mocks and responses', href: buildHash(['settings', 'mocks']) },
  posts: { label: 'Posts', href: buildHash(['posts']) },
  grouping: { label: 'Posts', href: buildHash(['posts']) },
  module: { label: 'Custom modules', href: buildHash(['settings', 'modules']) }
}

function Missing({ missing, choose }: { missing: readonly VerifyMissing[]; choose: () => void }) {
  return (
    <ul className="verify-missing" aria-label="What is missing">
      {missing.map(({ what, text }) => (
        <li key={text.text}>
          <Sentence text={text.text} />{' '}
          {what === 'version' ? (
            <button className="link" onClick={choose}>
              Verify against…
            </button>
          ) : (
            places[what] && <a href={places[what].href}>{places[what].label}</a>
          )}
        </li>
      ))}
    </ul>
  )
}

function Accepted({ accepted }: { accepted: readonly AcceptedDifference[] }) {
  if (accepted.length === 0) return null
  return (
    <ul className="verify-accepted" aria-label="Accepted differences">
      {accepted.map(({ id, kind, nodeId, path, reason, until, workflowId }) => (
        <li key={id}>
          <span className="tag mock">accepted</span>
          <span className="grow">
            {kindLabels[kind]}
            {nodeId !== null && `, node ${nodeId}`}
            {path !== null && path !== '' && (
              <>
                {' '}
                <code>{path}</code>
              </>
            )}
            : {reason}{' '}
            <span className="muted">
              until {until}, {workflowId === null ? 'for this run' : 'for every run of the workflow'}
            </span>
          </span>
          <button className="btn quiet" onClick={() => void takeBack(id)}>
            Take back
          </button>
        </li>
      ))}
    </ul>
  )
}

function Remarks({ report: { remarks } }: { report: VerifyReport }) {
  if (remarks.length === 0) return null
  return (
    <details className="verify-remarks">
      <summary>What was not compared by its value</summary>
      {remarks.map(({ text }) => (
        <p key={text}>
          <Sentence text={text} />
        </p>
      ))}
    </details>
  )
}
