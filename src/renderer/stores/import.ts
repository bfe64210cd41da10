// Files that a person brings: told apart by their text, as in a terminal, and handed over to who takes them.
import type { Params } from '../../contract/operations.ts'
import type { Answer } from '../../contract/wire.ts'
import type { OpenedFile } from '../../contract/workspace.ts'
import { client } from '../client/client.ts'
import { inlineLimit, uploadFile } from '../client/upload.ts'
import { openPicker } from '../client/pick-files.ts'
import { showFailure, toast } from './app.ts'
import { headLength, kindOfHead, kindOfText } from '../../engine/format/file-kind.ts'
import { splitList } from '../../engine/graph/split-list.ts'
import { askChoice } from './choice.ts'
import { deleteData } from './data-sets.ts'
import { beginWait } from './waits.ts'
import { navigate } from './router.ts'
import { refreshRuns } from './runs.ts'
import { saveFromElsewhere } from './workflow-files.ts'
import { formatCount, plural } from '../../contract/words.ts'

type Imported = {
  readonly kind: 'data' | 'workflow' | 'blueprint' | 'posts' | 'log' | 'world' | 'case'
  readonly id: string
  /** It was there already: nothing came in, which has been told. */
  readonly isKnown?: boolean
}

/** A file of the browser, or one that the app was started with. */
interface Given {
  readonly name: string
  head(): Promise<string>
  /** Null for one that is larger than what the window holds. */
  text(): Promise<string | null>
  /** A large one goes to the host past the window. */
  content(): Promise<Answer<OpenedFile['content']>>
}

const picked = (file: File): Given => ({
  name: file.name,
  head: () => file.slice(0, headLength).text(),
  text: async () => (file.size > inlineLimit ? null : file.text()),
  content: async () => (file.size > inlineLimit ? sendFile(file) : { ok: true, data: { text: await file.text() } })
})

const opened = ({ name, head, content }: OpenedFile): Given => ({
  name,
  head: () => Promise.resolve(head),
  text: () => Promise.resolve('text' in content ? content.text : null),
  content: () => Promise.resolve({ ok: true, data: content })
})

let uploads = 0

/** Shown as a job of the status bar, with its progress; it can be cancelled. */
export async function sendFile(file: File): Promise<Answer<{ readonly uploadId: string }>> {
  const sending = uploadFile(file, (part) => wait.tell(Math.round(part * 100), 100))
  const wait = beginWait(`upload-${++uploads}`, `Uploading ${file.name}`, sending.cancel)
  const answer = await sending.answer
  wait.end()
  return answer
}

/** An event that is here in another state is kept beside that one or in its place. */
async function importData(file: Given): Promise<Imported | null> {
  const content = await file.content()
  if (!content.ok) return (showFailure(content.error), null)
  const given = { name: file.name, ...content.data } as Params<'data.import'>
  const first = await client.call('data.import', { ...given, ifKnown: 'ask' })
  if (first.ok) {
    const { id, name, isKnown = false } = first.data
    if (isKnown) toast(`The workspace has this data already: “${name}”.`)
    return { kind: 'data', id, isKnown }
  }
  if (first.error.code !== 'DATA_KNOWN') return (showFailure(first.error), null)
  const chosen = await askChoice({
    title: 'This event is here already',
    text: `${first.error.message} Keep both, or replace the earlier one (it goes to the workspace’s bin)?`,
    answers: [
      { id: 'replace', label: 'Replace' },
      { id: 'both', label: 'Keep both', primary: true }
    ]
  })
  if (chosen === null) return null
  const kept = await client.call('data.import', { ...given, ifKnown: 'copy' })
  if (!kept.ok) return (showFailure(kept.error), null)
  // Only once the new one is there.
  if (chosen === 'replace') await deleteData([String(first.error.details?.['dataId'])])
  return { kind: 'data', id: kept.data.id }
}

async function importCaptured(file: Given): Promise<Imported | null> {
  const content = await file.content()
  if (!content.ok) return (showFailure(content.error), null)
  const answer = await client.call('capture.import', { name: file.name, ...content.data })
  // Thousands of runs may have come, or gone again when it was cancelled.
  refreshRuns()
  if (!answer.ok) return (showFailure(answer.error), null)
  const { kind, runs, posts, lines, unassigned } = answer.data
  // It only looks like a log of MISP: there is nothing of it to go to.
  if (kind === 'log' && lines === 0) return (toast(`${file.name} has no line of MISP’s workflow execution log`), null)
  toast(
    kind === 'log'
      ? plural(lines, 'log line')
      : `${plural(posts, 'post')} in ${plural(runs, 'run')}${unassigned > 0 ? `, ${formatCount(unassigned)} unassigned` : ''}`
  )
  return { kind: kind === 'log' ? 'log' : 'posts', id: '' }
}

/** A feed's list of its events has nothing to run on; its events are files of their own. */
async function tellManifest(file: Given): Promise<boolean> {
  if (!/^\s*\{\s*"[0-9a-f]{8}-[0-9a-f-]{27}"\s*:\s*\{/i.test(await file.head())) return false
  toast(`${file.name} is a feed manifest: import the event files next to it, too`)
  return true
}

/** Organisations, tags, warninglists and whatever else MISP's API or its repositories have; events are data. */
async function importWorld(file: Given): Promise<Imported | null> {
  const text = await file.text()
  if (text === null || /"Event"\s*:/.test(await file.head())) return null
  const answer = await client.call('takeover.import', { name: file.name, text })
  const kept = answer.ok ? answer.data.filter(({ to }) => to !== 'nothing') : []
  const [one] = kept
  if (!one) return null
  if (one.asks !== undefined) {
    const saved = await saveFromElsewhere({ workflow: one.asks.workflow }, `Imported from ${file.name}`)
    return saved && { kind: 'workflow', ...saved }
  }
  toast(kept.map(({ kind, count }) => `${kind.replaceAll('_', ' ')}: ${formatCount(count)}`).join(', '))
  if (one.to === 'data' || one.to === 'workflows')
    return { kind: one.to === 'data' ? 'data' : 'workflow', id: one.id ?? '' }
  return { kind: 'world', id: '' }
}

/** The workflow may be inside. */
async function importCase(name: string, text: string): Promise<Imported | null> {
  const answer = await client.call('cases.import', { name, text })
  if (!answer.ok) return (showFailure(answer.error), null)
  const { id, result } = answer.data
  toast(result?.state === 'passed' ? `Kept as ${id}: it passes` : `Kept as ${id}: ${result?.state ?? 'not run'}`)
  return { kind: 'case', id }
}

async function importOne(file: Given): Promise<Imported | null> {
  const kind = kindOfHead(await file.head())
  if (kind === 'captured') return importCaptured(file)
  const text = await file.text()
  if (kind === 'case' && text !== null) return importCase(file.name, text)
  const inside = text === null ? null : kindOfText(text)
  if (text !== null && inside === 'blueprint') {
    const files = splitList(text, file.name).map((one) => ({ name: file.name, text: one }))
    const done = await client.call('blueprints.import', { files })
    if (!done.ok) return (showFailure(done.error), null)
    const [failed] = done.data.failed
    if (failed) return (showFailure({ code: 'BLUEPRINT_INVALID', message: failed.message }), null)
    const isKnown = done.data.added.length + done.data.updated.length === 0
    if (isKnown) toast(`${file.name}: the workspace has it already, or a newer version`)
    return { kind: 'blueprint', id: 'blueprints', isKnown }
  }
  if (text !== null && inside === 'workflow') {
    const saved = await saveFromElsewhere({ text }, `Imported from ${file.name}`)
    return saved && { kind: 'workflow', ...saved }
  }
  if (await tellManifest(file)) return null
  const world = await importWorld(file)
  if (world) return world
  return importData(file)
}

export const importFiles = (files: readonly File[]): Promise<void> => importAll(files.map(picked))

/** What the app was started with. */
async function importOpened(): Promise<void> {
  const answer = await client.call('app.openedFiles', {})
  if (!answer.ok) return showFailure(answer.error)
  const { files, failed } = answer.data
  failed.forEach(showFailure)
  if (files.length > 0) await importAll(files.map(opened))
}

client.onState((state) => state === 'open' && void importOpened())
client.desktop?.onCommand?.((name) => name === 'opened' && void importOpened())

async function importAll(files: readonly Given[]): Promise<void> {
  const done: Imported[] = []
  for (const file of files) {
    const one = await importOne(file)
    if (one) done.push(one)
  }
  const last = done.at(-1)
  if (!last) return
  // What was in the file has been told already, where it is more than one thing.
  const told = last.kind === 'posts' || last.kind === 'log' || last.kind === 'world' || last.kind === 'case'
  const fresh = done.filter(({ isKnown }) => isKnown !== true).length
  if (fresh > 0 && (done.length > 1 || !told))
    toast(done.length === 1 ? 'Imported' : `${plural(fresh, 'file')} imported`, { tone: 'success' })
  // The editor says what does not fit the modules that are here.
  if (last.kind === 'workflow') return navigate(['workflows', last.id], last.isKnown ? {} : { imported: '1' })
  const places: Record<Exclude<Imported['kind'], 'workflow'>, readonly string[]> = {
    blueprint: ['workflows', last.id],
    case: ['cases'],
    data: ['data', last.id],
    log: ['log'],
    posts: ['runs'],
    world: ['world']
  }
  navigate(places[last.kind])
}

export function pickFiles(accept = '.json,.ndjson,.log,.txt,.csv'): void {
  const input = document.createElement('input')
  input.type = 'file'
  input.multiple = true
  input.accept = accept
  input.onchange = () => void importFiles([...(input.files ?? [])])
  openPicker(input)
}
