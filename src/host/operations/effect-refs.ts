// What operations on effects need from the host: the run that answers are taken from, the chosen mocks, how to go live, custom modules.
import { join } from 'node:path'
import type { RunOptionsInput } from '../../contract/operations.ts'
import type { RunRef, Refs, WorkerOperation } from '../worker/thread/protocol.ts'
import { liveConfigOf, mailPasswords } from '../ports/live-config.ts'
import type { Services } from './services.ts'

interface Named {
  readonly options?: RunOptionsInput
  readonly parent?: string
  readonly workflow?: unknown
}

/** Operations that may contact somebody, or tell whom they would. */
const contacting: ReadonlySet<WorkerOperation> = new Set([
  'run.start',
  'run.plan',
  'module.execute',
  'module.plan',
  'run.resend',
  'run.curl',
  'run.mail',
  'template.renderLive'
])

export async function effectRefs(
  services: Services,
  name: WorkerOperation,
  params: Named,
  runRef: (runId: string) => RunRef
): Promise<Partial<Refs>> {
  const { workspace, mocks, keys, trust } = services
  const { options, parent, workflow } = params
  const from = options?.effects?.recordedFrom ?? parent ?? runOf(workflow)
  const usesRecorded = JSON.stringify(options?.effects ?? {}).includes('"recorded"')
  return {
    answersFolder: join(workspace.folder, 'answers'),
    customModules: { folder: join(workspace.folder, 'modules'), on: trust.modulesOn },
    ...(usesRecorded && from !== undefined ? { recordedRun: runRef(from) } : {}),
    ...(options?.mockSet === undefined ? {} : { mockSet: await mocks.get(options.mockSet) }),
    ...(contacting.has(name)
      ? { live: liveConfigOf(trust.settings, await mailPasswords(keys, workspace.folder).of(trust.settings)) }
      : {})
  }
}

const runOf = (workflow: unknown): string | undefined =>
  typeof workflow === 'object' && workflow !== null && 'runId' in workflow && typeof workflow.runId === 'string'
    ? workflow.runId
    : undefined
