// What the page that runs a module alone is filled in with, and what it asks of the host.
import { useEffect, useState } from 'react'
import type { JsonMap } from '../../../contract/json.ts'
import type { DataSource, Params } from '../../../contract/operations.ts'
import { unpackSteps } from '../../../contract/packed-steps.ts'
import type { Failure } from '../../../contract/wire.ts'
import { isMap } from '../../../engine/php/values.ts'
import { client } from '../../client/client.ts'
import { coreFormatTrigger, emptyPaste, sourceOf } from '../../components/chosen-data.ts'
import type { Choices } from '../../components/run-with/policies.tsx'
import { emptyOptions, parseOptions } from '../../components/run-with/run-options.tsx'
import type { OptionTexts } from '../../components/run-with/run-options.tsx'
import { runWith } from '../../components/run-with/run-with.ts'
import { savedNode } from '../../step/node-params.ts'
import { showFailure } from '../../stores/app.ts'
import type { Chosen } from '../../stores/chosen.ts'

export interface Form {
  readonly params: JsonMap
  readonly filters: JsonMap
  readonly chosen: Chosen
  readonly convert: boolean
  readonly options: OptionTexts
  readonly world: string
  readonly effects: Choices
  readonly mockSet: string | null
}
export const blank: Omit<Form, 'params' | 'filters' | 'chosen'> = {
  convert: false,
  options: emptyOptions,
  world: '',
  effects: {},
  mockSet: null
}

export interface Prefill extends Partial<Form> {
  readonly params: JsonMap
  readonly filters: JsonMap
  readonly chosen: Chosen
  readonly step: Extract<Chosen, { kind: 'step' }> | null
}

/** From a step: its node's saved parameters and filters, and its input. Of a module that was run on its own also what it was run with. */
export function usePrefill(query: ReadonlyMap<string, string>): Prefill | null {
  const [runId, step, dataId] = [query.get('run'), Number(query.get('step') ?? 1), query.get('data')]
  const [prefill, setPrefill] = useState<Prefill | null>(() =>
    runId
      ? null
      : {
          params: {},
          filters: {},
          chosen: dataId ? { kind: 'data', id: dataId, index: null } : emptyPaste,
          step: null
        }
  )
  useEffect(() => {
    if (!runId) return
    let wanted = true
    void ofStep(runId, step).then((found) => wanted && setPrefill(found))
    return () => {
      wanted = false
    }
  }, [runId, step])
  return prefill
}

async function ofStep(runId: string, step: number): Promise<Prefill> {
  const chosen = { kind: 'step', runId, step, which: 'input' } as const
  const [detail, alone] = await Promise.all([client.call('runs.get', { runId }), client.call('run.module', { runId })])
  if (!detail.ok) showFailure(detail.error)
  if (alone.ok && alone.data) {
    const { params, filters = {}, convert } = alone.data
    const { options, effects, chosenSet = null } = runWith(detail.ok ? detail.data.options : undefined, null)
    const asked = { params: isMap(params) ? params : {}, filters, convert, options, effects, mockSet: chosenSet }
    return { ...asked, chosen, step: chosen }
  }
  const workflow = await client.call('run.workflow', { runId })
  const nodeId = detail.ok ? (unpackSteps(detail.data.steps)[step - 1]?.nodeId ?? null) : null
  const { params, filters } = savedNode(workflow.ok ? workflow.data.workflow : null, nodeId)
  return { params, filters, chosen, step: chosen }
}

/** What is asked of the host; a failure where the form is not filled in. */
export function requestOf(moduleId: string, form: Form, problem: string | null): Params<'module.plan'> | Failure {
  const { params, filters, chosen, convert, effects, mockSet } = form
  const options = parseOptions(form.options)
  const world = parseWorld(form.world)
  if (typeof options === 'string') return { code: 'INPUT_NOT_JSON', message: options }
  if (typeof world === 'string') return { code: 'INPUT_NOT_JSON', message: world }
  const data = sourceOf(chosen)
  if (problem !== null || !data) return { code: 'PARAMS_INVALID', message: problem ?? 'Choose data.' }
  return {
    ...{ moduleId, params, filters, data, convert },
    options: {
      ...options,
      ...(world ? { world } : {}),
      ...(mockSet ? { mockSet } : {}),
      ...(Object.keys(effects).length > 0 ? { effects } : {})
    }
  }
}

export const usable = (problem: string | null, chosen: Chosen, convert: boolean): DataSource | null =>
  problem === null ? sourceOf(chosen, convert ? coreFormatTrigger : undefined) : null

function parseWorld(text: string): JsonMap | null | string {
  if (text.trim() === '') return null
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JsonMap)
      : 'World must be a JSON object.'
  } catch (error) {
    return `World: ${error instanceof Error ? error.message : 'invalid JSON'}`
  }
}
