// Files that are opened with the app: whatever they are, each is handed over once or said to be unreadable.
import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { OpenedFiles } from '../../../src/host/opened-files.ts'
import { Uploads } from '../../../src/host/uploads.ts'
import { temporaryFolders } from './temporary.ts'

const folder = temporaryFolders()

function opening() {
  const [at, copies] = [folder(), folder()]
  const uploads = new Uploads(() => copies)
  const mistakes: string[] = []
  const opened = new OpenedFiles(uploads, (context) => mistakes.push(context))
  const put = (name: string, text: string): string => {
    writeFileSync(join(at, name), text)
    return join(at, name)
  }
  return { at, copies, uploads, opened, mistakes, put }
}

it('each one is answered once, in their order, also beside some that cannot be read', async () => {
  const { at, copies, opened, mistakes, put } = opening()
  const one = put('one.json', '{"Event":{}}')
  const two = put('two.ndjson', '')
  opened.add([one, join(at, 'gone.json'), at, join(one, 'inside.json')])
  opened.add([two])
  const { files, failed } = await opened.take()
  expect(files).toEqual([
    { name: 'one.json', head: '{"Event":{}}', content: { text: '{"Event":{}}' } },
    { name: 'two.ndjson', head: '', content: { text: '' } }
  ])
  expect(failed.map(({ code, message }) => [code, message])).toEqual([
    ['FILE_NOT_FOUND', 'gone.json does not exist.'],
    ['FILE_UNREADABLE', expect.stringMatching(/cannot be read: it is a folder\.$/)],
    ['FILE_NOT_FOUND', 'inside.json does not exist.']
  ])
  expect(await opened.take()).toEqual({ files: [], failed: [] })
  // What the window takes as text needs no copy.
  expect([readdirSync(copies), mistakes]).toEqual([[], []])
})

it('a large one is copied aside, whole, and only its head is answered', async () => {
  const { uploads, opened, put } = opening()
  const text = `{"Event":{"info":"${'x'.repeat(8 * 1024 * 1024)}"}}`
  opened.add([put('large.json', text)])
  const [file] = (await opened.take()).files
  expect(file?.head).toBe(text.slice(0, 4096))
  const uploadId = file !== undefined && 'uploadId' in file.content ? file.content.uploadId : ''
  expect(readFileSync(uploads.fileOf(uploadId), 'utf8')).toBe(text)
  await uploads.close()
})

it.skipIf(process.platform === 'win32')(
  'links are followed, pipes are not waited for, names are what they are',
  async () => {
    const { at, opened, put } = opening()
    const names = ['-o.json', '--retrace-open=x.json', 'a\nb.json', '$(id);<b>.json', '雪.json']
    names.forEach((name) => put(name, '1'))
    symlinkSync(join(at, '雪.json'), join(at, 'link.json'))
    symlinkSync(join(at, 'nothing'), join(at, 'dangling.json'))
    execFileSync('mkfifo', [join(at, 'pipe.json')])
    opened.add([...names, 'link.json', 'dangling.json', 'pipe.json'].map((name) => join(at, name)))
    const { files, failed } = await opened.take()
    expect(files.map(({ name }) => name)).toEqual([...names, 'link.json'])
    expect(failed.map(({ message }) => message)).toEqual([
      'dangling.json cannot be read: it is a link to nothing.',
      'pipe.json cannot be read: it is a pipe.'
    ])
  }
)
