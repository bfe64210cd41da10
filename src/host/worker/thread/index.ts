// The thread of the engine worker.
import { createBirpc } from 'birpc'
import { parentPort, workerData } from 'node:worker_threads'
import { Hold } from '../../store/hold.ts'
import { createEngineWorker } from './engine-worker.ts'
import type { HostOfWorker, WorkerSetup, WorkerSide } from './protocol.ts'

const port = parentPort
if (!port) throw new Error('the engine worker is started as a worker thread')

const { hold } = workerData as WorkerSetup
if (hold !== null) Hold.adopted(hold)

const worker = createEngineWorker({
  runChanged: (summary, kept) => void host.runChanged.asEvent(summary, kept),
  runProgress: (runId, steps, state) => void host.runProgress.asEvent(runId, steps, state),
  leaving: () => void host.leaving.asEvent(),
  working: (runs) => void host.working.asEvent(runs),
  mistake: (context, stack) => void host.mistake.asEvent(context, stack),
  problem: (message, file) => void host.problem.asEvent(message, file)
})
const { execute, cancel, prepare, sift, look, learn, stop } = worker
const host = createBirpc<HostOfWorker, WorkerSide>(
  { execute, cancel, prepare, sift, look, learn, stop },
  {
    post: (message) => port.postMessage(message),
    on: (receive) => port.on('message', receive),
    // A run may take as long as it takes.
    timeout: -1
  }
)

const mostMsToKeep = 10_000
let isFalling = false

/** What nothing caught may have left anything in any state: runs are kept as far as they went, and the host starts another thread. */
process.on('uncaughtException', (error: unknown) => {
  if (isFalling) return
  isFalling = true
  void host.leaving.asEvent()
  void host.mistake.asEvent('uncaught', tell(error))
  const end = (): never => process.exit(1)
  setTimeout(end, mostMsToKeep)
  worker.abandon().then(end, end)
})

function tell(error: unknown): string {
  try {
    return error instanceof Error ? (error.stack ?? error.message) : String(error)
  } catch {
    return 'something that cannot be told'
  }
}
