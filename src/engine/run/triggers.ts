// What a trigger does itself: it normalises its input, and may refuse to go on (Workflow::__normalizeDataForTrigger,
// __execForTrigger).
import type { Json, JsonMap } from '../../contract/json.ts'
import type { ModuleDefinition } from '../../contract/modules.ts'
import type { RawNode } from '../../contract/workflow.ts'
import { phpInt } from '../php/cast.ts'
import { phpError, PhpThrow } from '../php/exceptions.ts'
import { dig, expectArray, isArray, phpType } from '../php/values.ts'
import { buildContext } from './context.ts'
import type { Scope } from './environment.ts'
import { ErrorList } from './errors.ts'
import type { LoadedModule } from './modules.ts'
import { createRoamingData } from './roaming-data.ts'
import type { Gen } from '../effects/signals.ts'

/** The normalised data, or MISP's sentence why there is none: false, or anything that PHP throws, Errors too. */
export function normalizeInput(scope: Scope, definition: ModuleDefinition, data: JsonMap): JsonMap | string {
  const { given } = scope.env
  if (given !== undefined && given.runId === scope.runId && scope.job === undefined) return given.normalized
  if (scope.env.profile.unusableDataThrows) return normalizeOrThrow(scope, definition, data)
  try {
    const converted = scope.env.code.normalize(definition.id, data, scope.process.world, scope.env.profile)
    if (converted === false) return 'Error while normalizing data for trigger. Invalid input.'
    return expectArray(converted, 'Workflow::walkGraph(): Argument #4 ($data)') as JsonMap
  } catch (thrown) {
    if (!(thrown instanceof PhpThrow)) throw thrown
    return `Error while normalizing data for trigger. Error:\n${thrown.message}`
  }
}

/** Workflow::__normalizeDataForTrigger of older versions declares an array. */
function normalizeOrThrow(scope: Scope, definition: ModuleDefinition, data: JsonMap): JsonMap {
  const converted = scope.env.code.normalize(definition.id, data, scope.process.world, scope.env.profile)
  if (isArray(converted)) return converted as JsonMap
  const what = 'Return value of Workflow::__normalizeDataForTrigger() must be of the type array'
  throw phpError('TypeError', `${what}, ${phpType(converted)} returned`)
}

/** The trigger's own exec() on the data before normalisation; its throwables are not caught. */
export function* triggerAccepts(scope: Scope, module: LoadedModule, node: Json, data: JsonMap): Gen<boolean> {
  const roaming = createRoamingData(data, scope.env.profile)
  const nodeId = phpInt(dig(node, 'id'))
  const executing = {
    scope,
    node: node as unknown as RawNode,
    nodeId,
    module,
    roaming,
    errors: new ErrorList(),
    params: {}
  }
  const returned = module.execute(buildContext(executing))
  return typeof returned === 'boolean' ? returned : yield* returned
}
