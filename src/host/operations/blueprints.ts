import { join } from 'node:path'
import { modulesOf } from '../../engine/modules/table.ts'
import { newUuid } from '../ports/ids.ts'
import type { Handlers } from '../registry/registry.ts'
import { Blueprints } from '../store/blueprints.ts'
import { profileOfWorkspace } from '../store/versions.ts'
import type { Services } from './services.ts'

type BlueprintOperations =
  | 'blueprints.list'
  | 'blueprints.get'
  | 'blueprints.import'
  | 'blueprints.save'
  | 'blueprints.export'
  | 'blueprints.delete'

export const blueprintHandlers = ({ workspace, aside, emit }: Services): Handlers<BlueprintOperations> => {
  let opening: Promise<Blueprints> | null = null
  const open = (): Promise<Blueprints> => {
    const modules = () => modulesOf(profileOfWorkspace(workspace.versions).profile)
    const ports = { uuid: newUuid, now: () => Math.floor(Date.now() / 1000), modules }
    opening ??= Blueprints.open(join(workspace.folder, 'blueprints'), ports, workspace.care)
    return opening
  }
  const changed = (blueprints: Blueprints): void => emit('blueprints.changed', { total: blueprints.list().length })
  return {
    'blueprints.list': async () => (await open()).list(),
    'blueprints.get': async ({ uuid }) => (await open()).get(uuid),
    'blueprints.import': async ({ files, repository, force }, { signal }) => {
      workspace.assertWritable()
      const blueprints = await open()
      const done = await blueprints.import(files, { repository, force }, (text, name, defaults) =>
        aside.run('blueprint', { given: { text }, name, defaults }, { bytes: text.length, name, signal })
      )
      changed(blueprints)
      return done
    },
    'blueprints.save': async ({ uuid, ...content }) => {
      workspace.assertWritable()
      const blueprints = await open()
      const saved = await blueprints.save(uuid, content)
      changed(blueprints)
      return saved
    },
    // MISP names the file after the blueprint (WorkflowBlueprintsController::export).
    'blueprints.export': async ({ uuid }) => {
      const blueprints = await open()
      const { name, timestamp } = blueprints.get(uuid)
      return {
        name: `blueprint_${name.toLowerCase().replaceAll(' ', '-')}_${timestamp}.json`,
        text: blueprints.textOf(uuid)
      }
    },
    'blueprints.delete': async ({ uuid }) => {
      workspace.assertWritable()
      const blueprints = await open()
      await blueprints.delete(uuid)
      changed(blueprints)
      return {}
    }
  }
}
