// watches/<id>.json: the hash paths that are watched in the runs of a workflow. They are Retrace's own and never part of what MISP reads.
import { createHash } from 'node:crypto'
import type { Json } from '../../contract/json.ts'
import { assertPath } from '../../engine/hash/fault.ts'
import { workflowRow } from '../../engine/graph/document.ts'
import type { Handlers } from '../registry/registry.ts'
import type { EngineClient } from '../worker/thread/engine-client.ts'
import { CodedError } from '../../contract/errors.ts'
import { runRef } from './forward.ts'
import type { Services } from './services.ts'

/** The workflow that a run went through: by its uuid, else by trigger and name; of one that is only known from posts by its trigger. */
async function workflowKey(services: Services, engine: EngineClient, runId: string): Promise<string> {
  const ref = runRef(services, runId)
  const answer = await engine.execute('run.workflow', { runId }, { run: ref })
  const { trigger } = ref.summary
  if (!answer.ok && answer.error.code !== 'WORKFLOW_NOT_FOUND')
    throw new CodedError(answer.error.code, answer.error.message, answer.error.details)
  const known = answer.ok ? (answer.data as { readonly workflow: Json; readonly rebuilt: boolean }) : null
  if (known === null || known.rebuilt) return `trigger ${trigger}`
  const { uuid, name } = workflowRow(known.workflow) ?? {}
  return typeof uuid === 'string' && uuid !== '' ? `uuid ${uuid}` : `name ${trigger} ${JSON.stringify(name ?? null)}`
}

const idOf = (key: string): string => createHash('sha256').update(key).digest('hex').slice(0, 32)

export const watchHandlers = (services: Services, engine: EngineClient): Handlers<'watches.get' | 'watches.set'> => ({
  'watches.get': async ({ runId }) => {
    await services.capture.known()
    const id = idOf(await workflowKey(services, engine, runId))
    return { paths: (await services.watches.find(id))?.paths ?? [] }
  },
  'watches.set': async ({ runId, paths }) => {
    services.workspace.assertWritable()
    await services.capture.known()
    const key = await workflowKey(services, engine, runId)
    // Those that are kept are as an earlier version took them: they can be taken out one by one.
    const known = (await services.watches.find(idOf(key)))?.paths ?? []
    for (const path of paths) if (!known.includes(path)) assertPath(path)
    const saved = await services.watches.save({ id: idOf(key), workflow: key, paths: [...new Set(paths)] })
    return { paths: saved.paths }
  }
})
