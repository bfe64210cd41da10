// Files that a workflow is tried on: picked once, handed to the host with each question, which forgets them when it is answered.
import { plural } from '../../contract/words.ts'
import type { Params } from '../../contract/operations.ts'
import type { Answer } from '../../contract/wire.ts'
import { uploadFile } from '../client/upload.ts'
import { beginWait } from './waits.ts'

type Uploaded = NonNullable<Params<'impact.report'>['files']>

/** As `--events DIR` takes them: JSON files of the folder itself, by name, without those that tell of another file. */
export const eventFiles = (picked: readonly File[]): readonly File[] =>
  picked
    .filter(({ name, webkitRelativePath: path }) => {
      const isBelow = path.split('/').length > 2
      return /\.json$/i.test(name) && !/\.meta\.json$/i.test(name) && !isBelow
    })
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))

/** Below the folder that was picked, with slashes. */
const pathIn = ({ webkitRelativePath: path }: File): string => path.split('/').slice(1).join('/')

const ofWorld = /^(?:[a-z_]+|events\/[^/]+|warninglists\/[^/]+\/list)\.json$/

/** As `--world DIR` takes them: what of a folder is read as MISP's database. */
export const worldFiles = (picked: readonly File[]): readonly File[] =>
  picked.filter((file) => ofWorld.test(pathIn(file)))

/** What a question is asked with. */
export async function sendTried(given: {
  readonly files: readonly File[]
  readonly world: readonly File[]
}): Promise<Answer<{ readonly files: Uploaded; readonly world: Uploaded }>> {
  const files = await sendFiles(given.files, ({ name }) => name)
  if (!files.ok) return files
  const world = await sendFiles(given.world, pathIn)
  return world.ok ? { ok: true, data: { files: files.data, world: world.data } } : world
}

let sent = 0

/** Shown as one job of the status bar; cancelling it ends the question. */
async function sendFiles(files: readonly File[], nameOf: (file: File) => string): Promise<Answer<Uploaded>> {
  if (files.length === 0) return { ok: true, data: [] }
  let isCancelled = false
  let cancel = (): void => undefined
  const wait = beginWait(`tried-${++sent}`, `Uploading ${plural(files.length, 'file')}`, () => {
    isCancelled = true
    cancel()
  })
  const uploaded: Uploaded = []
  try {
    for (const file of files) {
      const sending = uploadFile(file)
      cancel = sending.cancel
      const answer = await sending.answer
      if (!answer.ok) return answer
      if (isCancelled) return { ok: false, error: { code: 'CANCELLED', message: 'Cancelled.' } }
      uploaded.push({ uploadId: answer.data.uploadId, name: nameOf(file) })
      wait.tell(uploaded.length, files.length)
    }
    return { ok: true, data: uploaded }
  } finally {
    wait.end()
  }
}
