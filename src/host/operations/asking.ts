// Operations that ask the engine worker many times: whom, and how far they are.
import type { Call } from '../registry/calls.ts'
import type { Ask } from '../tried/ask.ts'
import type { EngineClient } from '../worker/thread/engine-client.ts'
import { forwardedHandlers } from './forward.ts'
import type { Services } from './services.ts'

/** Nothing reads these params again, so whoever asks says all of them. */
export function askingWorker(services: Services, engine: EngineClient, call: Call): Ask {
  const handlers = forwardedHandlers(services, engine)
  return async (name, params) => handlers[name](params, call)
}

/** Ends the work when the call was cancelled. */
export const telling = (call: Call) => (label: string, done: number, total: number) => {
  call.signal.throwIfAborted()
  call.tell(label, done, total)
}
