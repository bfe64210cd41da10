import { watch } from 'node:fs'
import type { FSWatcher } from 'node:fs'
import { join } from 'node:path'
import { CodedError } from '../../contract/errors.ts'
import { moduleFiles, readModuleFile } from '../modules/module-file.ts'
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
  /** Of the file as it is; it must be the one that was listed, where a caller says which. */
  const hashOf = async (file: string, listed?: string): Promise<string> => {
    await requireFile(file)
    const found = await readModuleFile(folder, file)
    if ('error' in found) throw new CodedError('MODULE_FILE_INVALID', `modules/${file}: ${found.error}`, { file })
    if (listed !== undefined && listed !== found.sha256)
      throw new CodedError('TRUST_CHANGED', `modules/${file} has changed since it was listed.`, { place: file })
    return found.sha256
  }
  return {
    'customModules.switch': async ({ file, on, sha256 }) => {
      await trust.switchModule(file, on ? await hashOf(file, sha256) : null)
      emit('modules.changed', { files: [file] })
      return { file, on }
    },
    'customModules.create': async ({ id, kind, language }) => {
      workspace.assertWritable()
      const { files, sha256 } = await writeModule(folder, { id, kind, language })
      const [file = ''] = files
      // Who writes a module here wants to run it: what was written, not what somebody put in its place meanwhile.
      await trust.switchModule(file, sha256)
      emit('modules.changed', { files: [file] })
      return { file, files }
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
