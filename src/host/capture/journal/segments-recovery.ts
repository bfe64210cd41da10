// The files of a capture folder, and what a start does with what an end without warning left behind.
import { largest } from '../../../contract/lists.ts'
import { open, readdir, rename, truncate, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { CodedError } from '../../../contract/errors.ts'
import { freeName, privateFile } from '../../store/files.ts'
import { patiently } from '../../store/patiently.ts'
import { scanSegment } from './segments.ts'

export type JournalProblem =
  | { readonly kind: 'torn'; readonly file: string; readonly aside: string; readonly bytes: number }
  | { readonly kind: 'damaged'; readonly file: string; readonly from: number; readonly to: number }
  | { readonly kind: 'unreadable'; readonly file: string; readonly aside: string | null; readonly why?: string }
  | { readonly kind: 'unfinished-body'; readonly file: string; readonly aside: string }

export const segmentName = (segment: number): string => `${String(segment).padStart(6, '0')}.seg`
export const compactName = (segment: number): string => `${String(segment).padStart(6, '0')}.cseg`
/** Segment numbers in a capture folder, ascending, raw (`.seg`) and compacted (`.cseg`). */
export async function listSegments(dir: string): Promise<{ readonly raw: number[]; readonly compact: number[] }> {
  const names = await readdir(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const numbers = (pattern: RegExp): number[] =>
    names
      .filter((name) => pattern.test(name))
      .map((name) => Number.parseInt(name, 10))
      .sort((a, b) => a - b)
  return { raw: numbers(/^(?:\d{6}|[1-9]\d{6,13})\.seg$/), compact: numbers(/^(?:\d{6}|[1-9]\d{6,13})\.cseg$/) }
}

/** Copies the bytes after the last complete record to a `.torn` file, then cuts them off. Nothing else is touched. */
async function setTornTailAside(path: string, goodBytes: number, size: number): Promise<JournalProblem> {
  const aside = await freeName(`${path}.torn`)
  const from = await open(path, 'r')
  let to: FileHandle | null = null
  try {
    to = await open(aside, 'wx', privateFile)
    const buffer = Buffer.allocUnsafe(1 << 20)
    for (let at = goodBytes; at < size;) {
      const { bytesRead } = await from.read(buffer, 0, Math.min(buffer.length, size - at), at)
      if (bytesRead === 0) break
      await to.write(buffer, 0, bytesRead)
      at += bytesRead
    }
    await to.sync()
  } finally {
    await from.close()
    await to?.close()
  }
  await truncate(path, goodBytes)
  return { kind: 'torn', file: path, aside, bytes: size - goodBytes }
}

/** More than the posts of one file can be: numbers in a file that cannot be read are not given again. */
export const unknownNumbers = 2 ** 22

export interface Recovered {
  readonly problems: readonly JournalProblem[]
  readonly nextSeq: number
  readonly lastSegment: number
  readonly lastBytes: number
}

/** Looks at the newest raw segment after a start, sets a torn tail aside, and says where to go on. */
export async function recover(dir: string, minSeq: number): Promise<Recovered> {
  const problems: JournalProblem[] = []
  const bodies = join(dir, 'bodies')
  for (const name of await readdir(bodies)) {
    if (!name.endsWith('.part')) continue
    const aside = await freeName(join(bodies, `${name}.torn`))
    await patiently(() => rename(join(bodies, name), aside))
    problems.push({ kind: 'unfinished-body', file: join(bodies, name), aside })
  }
  const { raw, compact } = await listSegments(dir)
  const lastSegment = largest([...raw, ...compact], 0)
  let nextSeq = minSeq
  let lastBytes = Number.POSITIVE_INFINITY
  const newest = raw.at(-1)
  let unknown = 0
  // A sealed segment may be empty of posts, so walk back until a record tells the last number that was given.
  for (const segment of [...raw].reverse()) {
    const path = join(dir, segmentName(segment))
    let scan
    try {
      scan = await scanSegment(path)
    } catch (error) {
      if (!(error instanceof CodedError)) throw error
      problems.push({ kind: 'unreadable', file: path, aside: null, why: error.message })
      unknown += unknownNumbers
      continue
    }
    for (const [from, to] of scan.damaged) problems.push({ kind: 'damaged', file: path, from, to })
    let { goodBytes } = scan
    if (scan.size > scan.goodBytes && segment === newest) {
      problems.push(await setTornTailAside(path, scan.goodBytes, scan.size))
    }
    // Without a single byte it was begun and never used: it is used now. Other bytes without a head are none of ours to add to.
    if (goodBytes === 0 && scan.size > 0) goodBytes = Number.POSITIVE_INFINITY
    if (segment === newest && segment === lastSegment) lastBytes = goodBytes
    const seqs = scan.records.map((record) => record.seq)
    if (seqs.length > 0) {
      nextSeq = Math.max(nextSeq, (seqs.at(-1) as number) + 1)
      break
    }
  }
  if (lastSegment === 0) lastBytes = Number.POSITIVE_INFINITY
  return { problems, nextSeq: nextSeq + unknown, lastSegment, lastBytes }
}
