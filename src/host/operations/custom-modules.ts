import { watch } from 'node:fs'
import type { FSWatcher } from 'node:fs'
import { join } from 'node:path'
import { CodedError } from '../../contract/errors.ts'
import { moduleFiles } from '../modules/read-module.ts'
import { writeModule } from '../modules/template.ts'
import type { Handlers } from '../registry/registry.ts'
import { readText } from '../store/reading.ts'
import { safeName } from '../store/paths.ts'
import type { Services } from './services.ts'

type ModuleOperations = 'customModules.switch' | 'customModules.create' | 'customModules.text'

export const customModuleHandlers = ({ workspace, trust, emit }: Services): Handlers<ModuleOperations> => {
  const folder = join(workspace.folder, 'modules')
  const requireFile = async (file: string): Promise<string> => {
    if ((await moduleFiles(folder)).includes(file)) return join(folder, safeName(file))
    throw new CodedError('FILE_NOT_FOUND', `There is no modules/${file}.`, { file })
  }
  return {
    'customModules.switch': async ({ file, on }) => {
      if (on) await requireFile(file)
      await trust.set(workspace.folder, file, on)
      emit('modules.changed', { files: [file] })
      return { file, on }
    },
    'customModules.create': async ({ id, kind, language }) => {
      workspace.assertWritable()
      if (!/^[a-z][a-z0-9_-]{1,60}$/.test(id))
        throw new CodedError('PARAMS_INVALID', `"${id}" is no module id: small letters, digits, _ and -.`, {
          place: 'id'
        })
      const [file = ''] = await writeModule(folder, { id, kind, language })
      // Who writes a module here wants to run it.
      await trust.set(workspace.folder, file, true)
      emit('modules.changed', { files: [file] })
      return { file }
    },
    'customModules.text': async ({ file }) => ({
      text: (await readText(await requireFile(file), { name: `modules/${file}`, maxBytes: 1024 * 1024 })) ?? ''
    })
  }
}

const settleMs = 150

/** Tells when a file of modules/ was saved. Editors write a file several times; one event is enough. */
export function watchModules(folder: string, changed: (files: readonly string[]) => void): () => void {
  const files = new Set<string>()
  let timer: NodeJS.Timeout | null = null
  let watcher: FSWatcher | null = null
  const tell = (): void => {
    timer = null
    changed([...files])
    files.clear()
  }
  try {
    watcher = watch(folder, { persistent: false }, (_event, name) => {
      if (name === null || name.startsWith('.')) return
      files.add(name)
      timer ??= setTimeout(tell, settleMs)
      timer.unref()
    })
    watcher.on('error', () => watcher?.close())
  } catch {
    // A folder that cannot be watched is read anew at every run anyway.
  }
  return () => {
    if (timer) clearTimeout(timer)
    watcher?.close()
  }
}
