import { useStore } from 'zustand'
import { app, toast } from '../../stores/app.ts'
import type { Job } from '../../stores/app.ts'
import { preferences, setPreference } from '../../stores/preferences.ts'
import { navigate } from '../../stores/router.ts'
import { chooseWorkspace, openName, workspaces } from '../../stores/workspaces.ts'
import { profileLabel } from '../profile-label.ts'
import { Icon } from '../icons.tsx'
import { formatCount, plural } from '../../../contract/words.ts'
import type { WorkspaceProblem } from '../../../contract/workspace.ts'

const schemes = { auto: 'light', light: 'dark', dark: 'auto' } as const
const schemeLabels = { auto: 'System theme', light: 'Light theme', dark: 'Dark theme' } as const

function Listener() {
  const capture = useStore(app, (state) => state.capture)
  const isOpen = useStore(app, ({ connection }) => connection === 'open')
  if (!capture) return null
  const { state, url, message, posts } = capture
  const copy = () => {
    if (!url) return navigate(['settings'])
    void navigator.clipboard
      .writeText(url)
      .then(() => toast('Copied. Paste it into Plugin.Workflow_debug_url in MISP.'))
  }
  const label =
    state === 'listening'
      ? url
      : state === 'failed'
        ? `Listener failed${message ? `: ${message}` : ''}`
        : 'Listener off'
  return (
    <button
      className="gives"
      onClick={copy}
      title={url ? 'Copy the value for Plugin.Workflow_debug_url' : `${label ?? ''}: open settings`}
    >
      <span className={`dot ${!isOpen ? '' : state === 'listening' ? 'on' : state === 'failed' ? 'off' : ''}`} />
      <span className="ellipsis">{label}</span>
      {url && <Icon name="copy" size={11} />}
      {posts > 0 && <span className="muted">{plural(posts, 'post')}</span>}
    </button>
  )
}

function JobItem({ job: { label, done, total, href, cancel } }: { job: Job }) {
  const percent = total ? Math.round((100 * done) / total) : undefined
  return (
    <span className="job">
      <span role="progressbar" aria-label={label} aria-valuenow={percent}>
        <span className="spinner" style={{ width: 10, height: 10 }} />
      </span>
      {href ? <a href={href}>{label}</a> : label}
      {percent !== undefined && ` ${percent} %`}
      {cancel && (
        <button onClick={cancel} aria-label={`Cancel: ${label}`} title="Cancel">
          <Icon name="xmark" size={11} />
        </button>
      )}
    </span>
  )
}

/** A line for each kind is listed; `more` is how many are behind it. */
function problemsText(problems: readonly WorkspaceProblem[]): string {
  const count = problems.reduce((sum, { more = 1 }) => sum + more, 0)
  return problems.some(({ code }) => code === 'INTERNAL')
    ? plural(count, 'problem')
    : `${formatCount(count)} unreadable`
}

/** Listener, workspace, long jobs, engine profile, colours. */
export function StatusBar() {
  const { workspace, jobs, connection } = useStore(app)
  const scheme = useStore(preferences, (state) => state.scheme)
  const name = useStore(workspaces, openName)
  return (
    <footer className="statusbar" aria-label="Status">
      <Listener />
      {workspace && (
        <>
          <button onClick={chooseWorkspace} title={`${workspace.folder}: switch workspace`}>
            <Icon name="box-open" size={11} /> {name ?? workspace.name}
          </button>
          {!workspace.writable && (
            <span className="tag mock" title={workspace.readOnly ?? 'another Retrace has it open'}>
              read-only
            </span>
          )}
        </>
      )}
      {workspace && workspace.problems.length > 0 && (
        <button onClick={() => navigate(['settings'])}>
          <Icon name="triangle-exclamation" size={11} /> {problemsText(workspace.problems)}
        </button>
      )}
      <span className="grow" />
      {jobs.map((job) => (
        <JobItem key={job.jobId} job={job} />
      ))}
      {workspace && (
        <button
          onClick={() => navigate(['settings', 'version'])}
          title={`Runs behave like MISP ${profileLabel(workspace.profile.profile)}${workspace.profile.newer === null ? '' : `; there is a newer one, ${workspace.profile.newer}`}`}
        >
          MISP {workspace.profile.profile}
        </button>
      )}
      <button onClick={() => setPreference('scheme', schemes[scheme])} title="Change theme">
        <Icon name="adjust" size={11} /> {schemeLabels[scheme]}
      </button>
      <span title={`Connection: ${connection}`}>
        <span className={`dot ${connection === 'open' ? 'on' : connection === 'connecting' ? 'wait' : 'off'}`} />
        <span className="sr-only">{connection}</span>
      </span>
    </footer>
  )
}
