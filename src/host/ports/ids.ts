import { randomUUID } from 'node:crypto'
import { isPlainName } from '../store/paths.ts'

/** A new version 4 UUID. */
export const newUuid = (): string => randomUUID()

/** Ids of runs sort by time, so that a folder of runs reads in order: `20241021-120000-1a2b3c4d`. */
export function newRunId(now = new Date()): string {
  const time = now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15)
  return `${time}-${randomUUID().slice(0, 8)}`
}

/** An id out of a name: `Phishing wave, part 2` becomes `phishing-wave-part-2`; `taken` tells which ones are not free. */
export function idFromName(name: string, taken: (id: string) => boolean): string {
  const base =
    name
      .normalize('NFKD')
      .toLowerCase()
      .replace(/\.json$/, '')
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 60) || 'item'
  if (isPlainName(base) && !taken(base)) return base
  for (let n = 2; ; n++) if (!taken(`${base}-${n}`)) return `${base}-${n}`
}
