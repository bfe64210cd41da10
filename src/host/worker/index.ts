// The thread of the engine worker.
import { createBirpc } from 'birpc'
import { parentPort, workerData } from 'node:worker_threads'
import { Hold } from '../store/hold.ts'
import { createEngineWorker } from './engine-worker.ts'
import type { HostOfWorker, WorkerSetup, WorkerSide } from './protocol.ts'

const port = parentPort
if (!port) throw new Error('the engine worker is started as a worker thread')

const { hold } = workerData as WorkerSetup
if (hold !== null) Hold.adopted(hold)

const host = createBirpc<HostOfWorker, WorkerSide>(
  createEngineWorker({
    runChanged: (summary, kept) => void host.runChanged.asEvent(summary, kept),
    runProgress: (runId, steps, state) => void host.runProgress.asEvent(runId, steps, state),
    working: (runs) => void host.working.asEvent(runs),
    mistake: (context, stack) => void host.mistake.asEvent(context, stack),
    problem: (message) => void host.problem.asEvent(message)
  }),
  {
    post: (message) => port.postMessage(message),
    on: (receive) => port.on('message', receive),
    // A run may take as long as it takes.
    timeout: -1
  }
)
