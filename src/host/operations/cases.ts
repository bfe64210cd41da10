// The cases of the workspace's folder. They are read and run in the engine worker; what they last came to is known until they are something else.
import { join } from 'node:path'
import type { CaseRow } from '../../contract/case.ts'
import { CodedError } from '../../contract/errors.ts'
import { caseEnding, caseOf, casesFolder, listedCase } from '../cases/case-files.ts'
import { idFromName } from '../ports/ids.ts'
import type { Call } from '../registry/calls.ts'
import type { Handlers } from '../registry/registry.ts'
import { isThereSync, makeFolder, moveFile, writeAtomic } from '../store/files.ts'
import type { EngineClient } from '../worker/thread/engine-client.ts'
import { forwardedHandlers } from './forward.ts'
import type { Services } from './services.ts'

type CaseHandled =
  | 'cases.list'
  | 'cases.test'
  | 'cases.update'
  | 'cases.rename'
  | 'cases.keep'
  | 'cases.import'
  | 'cases.delete'
  | 'cases.restore'

/** How many are asked of the worker at once: progress is told in between. */
const atOnce = 10

export function caseHandlers(services: Services, engine: EngineClient): Handlers<CaseHandled> {
  const { workspace, emit } = services
  const folder = join(workspace.folder, casesFolder)
  const asked = forwardedHandlers(services, engine)
  const known = new Map<string, CaseRow>()
  const changed = (): void => emit('cases.changed', {})

  const list = async (call: Call): Promise<readonly CaseRow[]> =>
    (await asked['cases.look']({}, call)).map((row) => {
      const last = known.get(row.id)
      return last?.stamp === row.stamp ? last : row
    })
  const check = async (caseIds: readonly string[], call: Call, profile?: string): Promise<readonly CaseRow[]> => {
    const rows = await asked['cases.check']({ caseIds: [...caseIds], profile }, call)
    for (const row of rows) known.set(row.id, row)
    return rows
  }
  /** One that is removed while the others run is left out. */
  const checkThere: typeof check = async (caseIds, call, profile) => {
    const there = caseIds.filter((id) => isThereSync(join(folder, ...id.split('/'))))
    return check(there, call, profile)
  }
  const written = async (id: string, text: string, call: Call, profile?: string): Promise<CaseRow> => {
    await writeAtomic(caseOf(folder, id).path, text)
    const [row] = await check([id], call, profile)
    changed()
    return row as CaseRow
  }
  const added = async (name: string, text: string, call: Call): Promise<CaseRow> => {
    await makeFolder(folder)
    const id = `${idFromName(name, (taken) => isThereSync(join(folder, taken + caseEnding)))}${caseEnding}`
    await writeAtomic(join(folder, id), text)
    const [row] = await check([id], call)
    changed()
    return row as CaseRow
  }

  return {
    'cases.list': (_params, call) => {
      workspace.assertThere()
      return list(call)
    },
    'cases.test': async ({ caseIds, profile }, call) => {
      for (const id of caseIds ?? []) listedCase(folder, id)
      const all = caseIds ?? (await list(call)).map(({ id }) => id)
      let rows: readonly CaseRow[] = []
      try {
        for (let i = 0; i < all.length; i += atOnce) {
          call.signal.throwIfAborted()
          call.tell('Running cases', i, all.length)
          rows = rows.concat(await checkThere(all.slice(i, i + atOnce), call, profile))
        }
      } finally {
        changed()
      }
      return rows
    },
    'cases.update': async (params, call) => {
      workspace.assertWritable()
      const { text } = await asked['cases.updated'](params, call)
      return written(params.caseId, text, call, params.profile)
    },
    'cases.rename': async (params, call) => {
      workspace.assertWritable()
      const { text } = await asked['cases.renamed'](params, call)
      return written(params.caseId, text, call)
    },
    'cases.keep': async (params, call) => {
      workspace.assertWritable()
      const { name, text } = await asked['cases.make'](params, call)
      return added(name, text, call)
    },
    'cases.import': async ({ name, text }, call) => {
      workspace.assertWritable()
      return added(name.replace(/(\.case)?\.json$/i, ''), text, call)
    },
    'cases.delete': async ({ caseIds }) => {
      workspace.assertWritable()
      // None is moved when one of them is not there.
      const files = [...new Set(caseIds)].map((id) => [id, caseOf(folder, id).path] as const)
      for (const [id, path] of files) await moveFile(path, inBin(folder, id))
      changed()
      return { deleted: files.length }
    },
    'cases.restore': async ({ caseIds }) => {
      workspace.assertWritable()
      const ids = [...new Set(caseIds)]
      for (const id of ids) {
        caseOf(join(folder, '.bin'), id)
        if (isThereSync(join(folder, ...id.split('/'))))
          throw new CodedError('FILE_EXISTS', `${id} exists already.`, { file: id })
      }
      for (const id of ids) await moveFile(inBin(folder, id), join(folder, ...id.split('/')))
      changed()
      return { restored: ids.length }
    }
  }
}

const inBin = (folder: string, id: string): string => join(folder, '.bin', ...id.split('/'))
