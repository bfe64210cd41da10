import { useStore } from 'zustand'
import { Icon } from './icons.tsx'
import { formatTime } from './format.ts'
import { debugHazard } from '../../contract/debug-mode.ts'
import type { DebugMode } from '../../contract/workspace.ts'
import { plural } from '../../contract/words.ts'
import { client } from '../client/client.ts'
import { app, showFailure, toast } from '../stores/app.ts'
import { runs } from '../stores/runs.ts'
import { preferences, setPreference } from '../stores/preferences.ts'
import { buildHash, navigate } from '../stores/router.ts'

/** What came last, as a link to it. */
function LastRun() {
  const run = useStore(runs, (state) => state.runs.find(({ origin }) => origin === 'captured'))
  if (!run) return null
  return (
    <>
      {', of '}
      <a href={buildHash(['runs', run.id])}>
        {run.trigger}
        {run.event?.info ? ` on “${run.event.info}”` : ''}
      </a>
    </>
  )
}

/** Debug mode harms MISP as soon as nobody listens. */
function DebugHazard({ debug }: { debug: DebugMode }) {
  const { known, advice } = debugHazard(debug)
  return (
    <p className={known === null ? 'muted' : ''} role="note" aria-label="Debug mode">
      <Icon name="triangle-exclamation" size={11} /> {known} {advice}
    </p>
  )
}

async function listenOn(port: number): Promise<void> {
  const answer = await client.call('capture.configure', { port })
  if (!answer.ok) return showFailure(answer.error)
  toast(answer.data.url === null ? 'The listener could not be started.' : `MISP’s debug URL is now ${answer.data.url}`)
}

/** What to do in MISP so that its runs show here; green from the first post on. */
export function ConnectCard() {
  const capture = useStore(app, (state) => state.capture)
  const dismissed = useStore(preferences, (state) => state.dismissed)
  if (!capture || dismissed.includes('connect')) return null
  // Posts that were imported, or that are from before this start, say nothing about MISP's way to here.
  const live = capture.lastPostAt !== null
  const [last] = capture.heard
  const copy = () => capture.url && void navigator.clipboard.writeText(capture.url).then(() => toast('Copied'))
  return (
    <section className={`connect${live ? ' live' : ''}`} aria-label="Connect your MISP">
      <div className="grow">
        <h2>{live ? 'Your MISP is connected' : last ? 'Your MISP was connected' : 'Connect your MISP'}</h2>
        {live ? (
          <p className="muted">
            {plural(capture.posts, 'post')} so far, the latest at {formatTime(capture.lastPostAt ?? '')}
            <LastRun />. To run a workflow on one of your events,{' '}
            <a href={buildHash(['connect'])}>import both from MISP</a>.
          </p>
        ) : capture.url ? (
          <>
            {last && (
              <p role="status">
                {last.source === '' ? 'Your MISP' : `Your MISP “${last.source}”`} posted last on {formatTime(last.at)} (
                {plural(last.posts, 'post')}), before this start.
              </p>
            )}
            <p style={{ margin: '4px 0' }}>
              Paste this value into <span className="mono">Plugin.Workflow_debug_url</span>: <code>{capture.url}</code>{' '}
              <button className="btn" onClick={copy}>
                <Icon name="copy" /> Copy
              </button>
            </p>
            <p>Check in MISP:</p>
            <ul>
              <li>
                <span className="mono">Plugin.Workflow_enable</span> and{' '}
                <span className="mono">MISP.background_jobs</span> are on, and the trigger is enabled
              </li>
              <li>the workflow is in debug mode (the bug icon in MISP’s editor)</li>
            </ul>
            <p>
              If MISP runs on another machine, set an address and a secret in{' '}
              <a href={buildHash(['settings', 'listener'])}>Settings</a> first.
            </p>
            {capture.message && <p role="status">{capture.message}</p>}
            <p style={{ marginTop: 4 }}>
              To get its workflows, events and tags, <a href={buildHash(['connect'])}>import from MISP</a>.
            </p>
          </>
        ) : (
          <p className="muted">
            The listener is{' '}
            {capture.state === 'failed' ? `not running: ${capture.message ?? 'it could not be started.'}` : 'off.'}{' '}
            {capture.freePort && (
              <button className="btn primary" onClick={() => void listenOn(capture.freePort ?? 0)}>
                Listen on {capture.freePort}
              </button>
            )}{' '}
            <button className="btn" onClick={() => navigate(['settings'])}>
              Open settings
            </button>
          </p>
        )}
        {capture.elsewhere && (
          <p role="status">
            Posts are taken by {capture.elsewhere}, through which this app works; closing the app does not end that.
          </p>
        )}
        <DebugHazard debug={capture.debug} />
      </div>
      <button
        className="btn quiet icon"
        aria-label="Do not show this again"
        onClick={() => setPreference('dismissed', [...dismissed, 'connect'])}
      >
        <Icon name="xmark" />
      </button>
    </section>
  )
}
