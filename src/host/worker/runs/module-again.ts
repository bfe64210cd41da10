// A module that was run on its own once more: as it was, and in today's world.
import { CodedError } from '../../../contract/errors.ts'
import type { Json, JsonMap } from '../../../contract/json.ts'
import { noSettings } from '../../../contract/misp-settings.ts'
import type { RecordedInput, Surroundings } from '../../../contract/surroundings.ts'
import type { Ports } from '../../../engine/effects/ports.ts'
import { isMap } from '../../../engine/php/values.ts'
import { createModuleRun } from '../../../engine/run/execute-module.ts'
import { repeatInput } from '../../../engine/run/surroundings/repeat.ts'
import type { RunRecorder } from '../../../engine/run/surroundings/recorder.ts'
import type { WorldData } from '../../../engine/world/world.ts'
import type { Prepared } from '../effects/prepare.ts'
import type { Refs } from '../thread/protocol.ts'
import { moduleStarted, moduleStepper } from './module-run.ts'
import { moduleTable } from './module-table.ts'
import type { OpenRun } from './open-run.ts'
import { parseProfile } from './run-input.ts'
import type { StartRequest } from './run-table.ts'
import { beginModule } from './stateless.ts'

export interface AskedToday {
  readonly refs: Refs
  readonly recorder: RunRecorder
  readonly runId: string
  readonly prepared: Prepared
}

export interface BegunToday {
  readonly begin: StartRequest['begin']
  readonly world: WorldData | undefined
}

type OneModule = NonNullable<RecordedInput['module']>

export function moduleAsItWas(
  surroundings: Surroundings,
  { fold }: OpenRun,
  { module, runId, ports }: { readonly module: OneModule; readonly runId: string; readonly ports: Ports }
): StartRequest['begin'] {
  const { started } = fold
  if (started === null)
    throw new CodedError('RUN_NOT_REPEATABLE', 'The file of the run does not have the beginning of the run.')
  const { id: moduleId, ...asked } = module
  const given = repeatInput(surroundings)
  const input = { ...given, moduleId, ...asked, options: { ...given.options, runId } }
  return (onEvent) => moduleStepper(runId, onEvent, (inner) => ({ ...createModuleRun(input, ports, inner), started }))
}

export async function moduleToday(
  { data, shown, now }: Surroundings,
  { id, params, filters, convert }: OneModule,
  { refs, recorder, runId, prepared }: AskedToday
): Promise<BegunToday> {
  const { options: todays, ...around } = prepared
  const options = { ...todays, now: new Date(now * 1000).toISOString() }
  const profile = parseProfile(options.profile)
  const custom = around.customModules.find(({ definition }) => definition.id === id)
  const table = await moduleTable({ ...refs, ...(options.world ? { world: options.world } : {}) }, profile)
  const definition = custom?.definition ?? table.get(id)
  const request = {
    ...{ definition, params: paramsOf(params), convert, options, ...around, recorder },
    brought: { data: data as JsonMap, assumptions: [], ...(shown ? { shown } : {}) },
    ...(filters ? { filters } : {}),
    settings: refs.settings ?? noSettings
  }
  return {
    begin: (onEvent) =>
      moduleStepper(runId, onEvent, (inner) => {
        const run = beginModule(request, inner, refs.halt)
        return { ...run, started: moduleStarted(definition.name, { profile, assumptions: run.assumptions }) }
      }),
    world: options.world as WorldData | undefined
  }
}

/** PHP has none of them as an empty list. */
const paramsOf = (params: Json): JsonMap => (isMap(params) ? params : {})
