// Ids of runs within the events of a run's file are written as seen from it (`.` is the run that was started, `.2` the second that it fired), so
// that a repeat has the same lines.
import type { JsonMap } from '../../contract/json.ts'

/** The run that was started, of one that was fired in it. */
export const rootOf = (id: string): string => id.replace(/\.\d+$/, '')

export const relativeId = (id: string, root: string): string =>
  id === root ? '.' : /^\.\d+$/.test(id.slice(root.length)) && id.startsWith(root) ? id.slice(root.length) : id

export const absoluteId = (id: string, root: string): string =>
  id === '.' ? root : /^\.\d+$/.test(id) ? `${root}${id}` : id

/** An event's data with the ids of runs that it names changed. */
export function withIds<T extends JsonMap>(type: string, data: T, change: (id: string) => string): T {
  if (type === 'trigger.fired' && typeof data['runId'] === 'string') return { ...data, runId: change(data['runId']) }
  const parent = type === 'run.started' ? (data['parent'] as JsonMap | undefined) : undefined
  if (typeof parent?.['runId'] !== 'string') return data
  return { ...data, parent: { ...parent, runId: change(parent['runId']) } }
}
