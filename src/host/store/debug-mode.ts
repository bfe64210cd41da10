// MISP's debug mode as workflows of the workspace say it.
import { plainText, type Json } from '../../contract/json.ts'
import { workflowRow } from '../../engine/graph/document.ts'
import type { Workflows } from './workflows.ts'

export const isOn = (value: Json | undefined): boolean => !['', '0', 'false', 'null'].includes(plainText(value ?? ''))

/** Null when the workflow does not say. */
export function debugOf(workflow: Json): boolean | null {
  const debug = workflowRow(workflow)?.['debug_enabled']
  return debug === undefined ? null : isOn(debug)
}

/** MISP has one workflow for each trigger: the one that was saved last stands for it. */
export function triggersInDebug(workflows: Workflows): string[] {
  const newest = new Map<string, { readonly id: string; readonly savedAt: string }>()
  for (const { id, trigger, savedAt } of workflows.list())
    if (trigger !== null && savedAt > (newest.get(trigger)?.savedAt ?? '')) newest.set(trigger, { id, savedAt })
  return [...newest].flatMap(([trigger, { id }]) => (debugOf(workflows.get(id).workflow) === true ? [trigger] : []))
}
