// Ways to damage a file of a workspace, and what must still hold of it afterwards.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync
} from 'node:fs'
import { createServer, type Server } from 'node:net'
import { basename, dirname, join } from 'node:path'
import { isUnix } from './unix.ts'

export interface Damage {
  readonly name: string
  /** Whether what is there then can be no file of ours: it has to be named. */
  readonly breaks: boolean
  /** The name no longer stands for a file. */
  readonly special?: true
  readonly newer?: true
  readonly do: (file: string, outside: string) => void
}

const sockets: Server[] = []
export const closeSockets = (): void => sockets.splice(0).forEach((server) => server.close())

const instead = (file: string, make: (file: string) => void): void => {
  rmSync(file, { recursive: true, force: true })
  make(file)
}
const content = (name: string, text: string | Buffer): Damage => ({
  name,
  breaks: true,
  do: (file) => writeFileSync(file, text)
})
const cut = (name: string, size: (bytes: number) => number): Damage => ({
  name,
  breaks: false,
  do: (file) => truncateSync(file, Math.max(0, size(lstatSync(file).size)))
})
const edit = (name: string, breaks: boolean, change: (bytes: Buffer) => Buffer): Damage => ({
  name,
  breaks,
  do: (file) => writeFileSync(file, change(readFileSync(file)))
})
const special = (name: string, make: (file: string, outside: string) => void): Damage => ({
  name,
  breaks: true,
  special: true,
  do: (file, outside) => instead(file, (at) => make(at, outside))
})

const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`

export const damages: readonly Damage[] = [
  content('empty', ''),
  cut('cut after a byte', () => 1),
  cut('cut in the middle', (bytes) => Math.floor(bytes / 2)),
  cut('cut before the end', (bytes) => bytes - 3),
  edit('garbled at the start', true, (bytes) => Buffer.concat([Buffer.from([0xff, 0, 0x80, 0x7b]), bytes.subarray(4)])),
  edit('garbled in the middle', false, (bytes) =>
    Buffer.concat([
      bytes.subarray(0, bytes.length / 2),
      Buffer.from([0, 0xff, 0x22]),
      bytes.subarray(bytes.length / 2 + 3)
    ])
  ),
  content('[]', '[]'),
  content('null', 'null'),
  content('5', '5'),
  content('"x"', '"x"'),
  content('{}', '{}'),
  edit('wrong types within', false, (bytes) =>
    Buffer.from(
      bytes
        .toString('latin1')
        .replace(/":\s*"[^"\n]*"/g, '":[{}]')
        .replace(/":\s*\d+/g, '":{"x":null}'),
      'latin1'
    )
  ),
  edit('a line 5', false, (bytes) => Buffer.concat([bytes, Buffer.from('5\n')])),
  content('20,000 levels', deep),
  content('20,000 levels within', `{"version":1,"name":"x","createdAt":"x","settings":${deep},"workflow":${deep}}`),
  {
    name: 'gigabytes of zeros',
    breaks: true,
    do: (file) => instead(file, (at) => (writeFileSync(at, ''), truncateSync(at, 3 * 2 ** 30)))
  },
  {
    ...edit('a newer version', true, (bytes) =>
      Buffer.from(bytes.toString('latin1').replace(/"version":\s*\d+/, '"version":99'), 'latin1')
    ),
    newer: true
  },
  special('a folder', (file) => mkdirSync(join(file, 'within'), { recursive: true })),
  ...(isUnix ? ofUnix() : [])
]

function ofUnix() {
  return [
    special('a link to nothing', (file) => symlinkSync(join(dirname(file), 'nothing'), file)),
    special('a link to itself', (file) => symlinkSync(basename(file), file)),
    special('a link that leads out', (file, outside) => symlinkSync(join(outside, 'secret.json'), file)),
    special('a pipe', (file) => execFileSync('mkfifo', [file])),
    special('a socket', (file) => void sockets.push(createServer().listen(file)))
  ]
}

/** What is under a name: kind, size and content, so that it is known again under another name. */
export function printOf(path: string): string {
  const info = lstatSync(path)
  if (info.isSymbolicLink()) return `link ${readlinkSync(path)}`
  if (info.isDirectory()) return `folder ${readdirSync(path).sort().join()}`
  if (!info.isFile()) return info.isFIFO() ? 'pipe' : info.isSocket() ? 'socket' : 'device'
  if (info.size > 2 ** 28) return `file of ${info.size} bytes`
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}

/** Prints of everything below a folder that is no folder itself, by path. */
export function printsOf(root: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (!entry.isDirectory()) found.set(path.slice(root.length + 1), printOf(path))
  }
  return found
}
