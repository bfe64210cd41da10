// Every file of a workspace carries `version`. This file alone knows how older versions become the current one: pure functions, one
// per step, never changed after release.
import { CodedError } from '../../contract/errors.ts'

export type FileKind =
  | 'catalogue'
  | 'workflow'
  | 'data'
  | 'run'
  | 'run-index'
  | 'draft'
  | 'blueprint'
  | 'mocks'
  | 'answers'
  | 'watches'
  | 'accepted'
  | 'addresses'
  | 'recent workspaces'
  | 'log'
  | 'forward'
  | 'heard'

type Migration = (file: Record<string, unknown>) => Record<string, unknown>

/** Retrace's own settings stood among MISP's. */
const ownAmongSettings = {
  capture: 'capture',
  live: 'live',
  retention: 'retention',
  'Retrace.template_limits': 'templateLimits'
}

function splitSettings(file: Record<string, unknown>): Record<string, unknown> {
  const given = typeof file.settings === 'object' && file.settings !== null ? Object.entries(file.settings) : []
  const isOwn = ([name]: [string, unknown]): boolean => Object.hasOwn(ownAmongSettings, name)
  const own = given
    .filter(isOwn)
    .map(([name, value]): [string, unknown] => [ownAmongSettings[name as keyof typeof ownAmongSettings], value])
  const settings = Object.fromEntries(given.filter((entry) => !isOwn(entry)))
  return { ...file, version: 2, settings, own: Object.fromEntries(own) }
}

/** What runs depended on was not kept; ids of runs stood whole in their events. Both are read as they are. */
const withoutSurroundings: Migration = (file) => ({ ...file, version: 2 })

/** `migrations[kind][n]` makes version n + 2 out of version n + 1. */
const migrations: Readonly<Record<FileKind, readonly Migration[]>> = {
  catalogue: [splitSettings],
  workflow: [],
  data: [],
  run: [withoutSurroundings],
  'run-index': [],
  draft: [],
  blueprint: [],
  mocks: [],
  answers: [],
  watches: [],
  accepted: [],
  addresses: [],
  'recent workspaces': [],
  log: [],
  forward: [],
  heard: []
}

export const currentVersion = (kind: FileKind): number => migrations[kind].length + 1

/** The file in the current version. Throws STORE_VERSION_UNKNOWN for files of a newer Retrace and STORE_FILE_UNREADABLE for foreign ones. */
export function migrate(kind: FileKind, raw: unknown, name: string): Record<string, unknown> {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    throw new CodedError('STORE_FILE_UNREADABLE', `${name} is not a ${kind} file.`, { file: name })
  }
  let file = raw as Record<string, unknown>
  const version = file.version
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) {
    throw new CodedError('STORE_FILE_UNREADABLE', `${name} has no version.`, { file: name, place: 'version' })
  }
  if (version > currentVersion(kind)) {
    throw new CodedError(
      'STORE_VERSION_UNKNOWN',
      `${name} has version ${version}; this Retrace knows up to ${currentVersion(kind)}.`,
      { file: name }
    )
  }
  for (const step of migrations[kind].slice(version - 1)) file = step(file)
  return file
}
