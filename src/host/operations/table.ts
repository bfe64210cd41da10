// Every operation has a handler: here, in the worker, or it is on the list of those that a later issue brings. A missing one does not
// compile.
import type { OperationName } from '../../contract/operations.ts'
import type { Handlers, RegistryOperation, WorkspacesOperation } from '../registry/registry.ts'
import type { EngineClient } from '../worker/thread/engine-client.ts'
import type { WorkerOperation } from '../worker/thread/protocol.ts'
import { appHandlers } from './app.ts'
import { captureHandlers } from './capture.ts'
import { caseHandlers } from './cases.ts'
import { blueprintHandlers } from './blueprints.ts'
import { dataHandlers } from './data.ts'
import { draftHandlers } from './drafts.ts'
import { customModuleHandlers } from './custom-modules.ts'
import { findHandlers } from './find.ts'
import { importHandlers } from './import-posts.ts'
import { liveHandlers } from './live.ts'
import { mockHandlers } from './mocks.ts'
import { postHandlers } from './posts.ts'
import { profileHandlers } from './profiles.ts'
import { triedHandlers } from './tried.ts'
import { upgradeHandlers } from './upgrade.ts'
import { runRowHandlers } from './run-rows.ts'
import { runHandlers } from './runs.ts'
import type { Services } from './services.ts'
import { moduleHandlers } from './modules.ts'
import { storageHandlers } from './storage.ts'
import { takeOverHandlers } from './takeover.ts'
import { triggerHandlers } from './triggers.ts'
import { trustHandlers } from './trust.ts'
import { watchHandlers } from './watches.ts'
import { verifyHandlers } from './verify.ts'
import { workflowHandlers } from './workflows.ts'

export type HostOperation = Exclude<OperationName, WorkerOperation | RegistryOperation | WorkspacesOperation>

/** What changes something that no event of its own tells: after these, who shows the workspace asks again. */
const toldByWorkspace = [
  'answers.delete',
  'answers.import',
  'capture.configure',
  'keys.delete',
  'mocks.delete',
  'mocks.save',
  'mocks.unpin',
  'storage.remove',
  'storage.setRules',
  'verify.accept',
  'verify.unaccept',
  'world.remove',
  'world.restore'
] as const satisfies readonly HostOperation[]

/** All handlers, in one table. Those above tell that the workspace changed. */
export function hostHandlers(services: Services, engine: EngineClient): Handlers<HostOperation> {
  const handlers = silentHandlers(services, engine)
  const telling = toldByWorkspace.map((name) => {
    const handler = handlers[name] as (params: unknown, call: unknown) => unknown
    const andTell = async (params: unknown, call: unknown): Promise<unknown> => {
      const answer = await handler(params, call)
      services.emit('workspace.changed', services.workspace.info())
      return answer
    }
    return [name, andTell] as const
  })
  return { ...handlers, ...Object.fromEntries(telling) }
}

const silentHandlers = (services: Services, engine: EngineClient): Handlers<HostOperation> => ({
  ...appHandlers(services),
  ...profileHandlers(services),
  ...upgradeHandlers(services, engine),
  ...triedHandlers(services, engine),
  ...caseHandlers(services, engine),
  ...runHandlers(services),
  ...findHandlers(services, engine),
  ...watchHandlers(services, engine),
  ...workflowHandlers(services),
  ...draftHandlers(services),
  ...blueprintHandlers(services),
  ...dataHandlers(services, engine),
  ...triggerHandlers(services),
  ...trustHandlers(services),
  ...mockHandlers(services),
  ...liveHandlers(services),
  ...takeOverHandlers(services),
  ...customModuleHandlers(services),
  ...moduleHandlers(services),
  ...captureHandlers(services),
  ...importHandlers(services),
  ...runRowHandlers(services),
  ...postHandlers(services),
  ...verifyHandlers(services, engine),
  ...storageHandlers(services)
})
