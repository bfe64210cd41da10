// Whatever takes longer than a moment is shown in the status bar, and can be ended once it takes long. Every call to the host goes through
// here, so that no view has to think of it; views say besides where their own content is missing.
import type { OperationName, Params } from '../../contract/operations.ts'
import { client } from '../client/client.ts'
import { app, closeJob, showJob } from './app.ts'

/** What is quicker must not flicker. */
const shownAfterMs = 300
const endsAfterMs = 2000

export interface Wait {
  tell(done: number, total: number): void
  end(): void
}

/** Something that a person waits for. `cancel` really ends it. */
export function beginWait(jobId: string, label: string, cancel: () => void): Wait {
  let progress: { readonly done: number; readonly total: number | null } = { done: 0, total: null }
  let shown = false
  let more: { readonly label: string; readonly cancel?: () => void } = { label }
  const stop = () => {
    // Taking back what was done may take a moment, too.
    more = { label: `Cancelling: ${label}` }
    show()
    cancel()
  }
  const show = () => showJob({ jobId, ...more, ...progress, state: 'running' })
  const later = [
    setTimeout(() => {
      shown = true
      show()
    }, shownAfterMs),
    setTimeout(() => {
      more = { label, cancel: stop }
      show()
    }, endsAfterMs)
  ]
  return {
    tell(done, total) {
      progress = { done, total }
      if (shown) show()
    },
    end() {
      later.forEach(clearTimeout)
      closeJob(jobId)
    }
  }
}

type Label<N extends OperationName> = string | ((params: Params<N>) => string)

/** What changes something, or contacts somebody: each is shown for itself. Everything else is a question of a view. */
const acts: { readonly [N in OperationName]?: Label<N> } = {
  'data.import': ({ name }) => `Importing ${name}`,
  'data.delete': 'Deleting data',
  'data.restore': 'Restoring data',
  'capture.import': ({ name }) => `Importing ${name}`,
  'capture.configure': 'Starting the listener',
  'takeover.import': ({ name }) => `Importing ${name}`,
  'takeover.fetch': ({ address }) => `Fetching from ${address}`,
  'answers.import': ({ name }) => `Importing ${name}`,
  'blueprints.import': ({ files }) =>
    files.length === 1 ? 'Importing a blueprint' : `Importing ${files.length} blueprints`,
  'workspaces.open': 'Opening the workspace',
  'workspaces.create': 'Making the workspace',
  'workflows.save': 'Saving the workflow',
  'impact.report': () => 'Running under what was and what would be',
  'coverage.report': () => 'Looking at what has run',
  'upgrade.report': ({ from, to }) => `Comparing MISP ${from} and ${to}`,
  'run.start': 'Starting the run',
  'run.again': 'Starting the run',
  'run.plan': 'Finding out what the run would contact',
  'run.resend': 'Sending the effect',
  'runs.export': 'Exporting the run',
  'runs.verify': ({ runIds }) => (runIds?.length === 1 ? 'Verifying the run' : 'Verifying runs'),
  'verify.accept': 'Accepting the difference',
  'verify.unaccept': 'Taking back an acceptance',
  'runs.delete': 'Deleting runs',
  'runs.restore': 'Restoring runs',
  'runs.merge': 'Merging runs',
  'runs.split': 'Splitting the run',
  'posts.move': 'Moving posts',
  'posts.undo': 'Undoing',
  'module.execute': ({ moduleId }) => `Running ${moduleId}`,
  'module.plan': ({ moduleId }) => `Finding out what ${moduleId} would contact`,
  'modules.fromService': 'Fetching the service’s modules',
  'template.renderLive': 'Rendering with misp-modules',
  'live.test': 'Testing the connection',
  'storage.remove': 'Removing runs',
  'storage.compact': 'Compacting posts'
}

const labelOf = (name: OperationName, params: unknown): string | undefined => {
  const label = acts[name] as Label<OperationName> | undefined
  return typeof label === 'function' ? label(params as never) : label
}

/** Questions are shown as one, however many a view asks at once. */
const questions = new Set<string>()
let asking: Wait | null = null

export const cancelQuestions = (): void => client.stopWaiting([...questions])

function endQuestion(callId: string): void {
  questions.delete(callId)
  if (questions.size > 0) return
  asking?.end()
  asking = null
}

const running = new Map<string, Wait>()

client.onCalls({
  began(callId, name, params) {
    // It ends others.
    if (name === 'calls.cancel') return
    const label = labelOf(name, params)
    if (label === undefined) {
      questions.add(callId)
      asking ??= beginWait('questions', 'Loading', cancelQuestions)
      return
    }
    running.set(
      callId,
      beginWait(callId, label, () => void client.call('calls.cancel', { callId }))
    )
  },
  ended(callId) {
    running.get(callId)?.end()
    running.delete(callId)
    if (questions.has(callId)) endQuestion(callId)
  }
})

client.on('job.progress', ({ jobId, label, done, total, state }) => {
  const own = running.get(jobId)
  if (own) return own.tell(done, total ?? 0)
  if (state !== 'running') return closeJob(jobId)
  const known = app.getState().jobs.some((job) => job.jobId === jobId)
  // Another window's, or the host's own: it has been going on for a moment when it is told of.
  const cancel = () =>
    void (jobId.startsWith('storage-')
      ? client.call('storage.stop', {})
      : client.call('calls.cancel', { callId: jobId }))
  showJob({ jobId, label, done, total, state, ...(known ? { cancel } : {}) })
})
