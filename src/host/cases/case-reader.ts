// From a case's file to what can be run. A workflow, an input or a world that several cases name is read and parsed once, until its file is
// another one.
import type { Case } from '../../contract/case.ts'
import { CodedError } from '../../contract/errors.ts'
import type { Json, JsonMap } from '../../contract/json.ts'
import type { RawWorkflow } from '../../contract/workflow.ts'
import { inputInside } from '../../engine/case/input.ts'
import type { ReadyCase } from '../../engine/case/input.ts'
import { parseCase } from '../../engine/case/parse.ts'
import { refuseManyNodes } from '../../engine/graph/count-nodes.ts'
import { parseWorkflow } from '../../engine/graph/parse.ts'
import { isMap } from '../../engine/php/values.ts'
import { parseBytes } from '../worker/runs/input.ts'
import { besideCase, readFile, stampOf } from './case-files.ts'
import type { CaseFile } from './case-files.ts'

/** A workflow of the workspace by its name or id; null: it has none of that name. */
export type NamedWorkflow = (name: string) => Json | null

/** What a case is about is not there any more: a failure of its own kind. */
export class StaleCase extends Error {}

export interface ReadCase extends ReadyCase {
  readonly path: string
  /** As the file has it. */
  readonly raw: JsonMap
  /** Of that file. */
  readonly stamp: string
  /** Paths of the other files that it reads. */
  readonly uses: readonly string[]
}

interface Known {
  readonly stamp: string
  readonly value: unknown
}

export class CaseReader {
  readonly #known = new Map<string, Known>()
  readonly #named = new Map<string, RawWorkflow>()

  constructor(private readonly workflowNamed: NamedWorkflow = () => null) {}

  /**
   * @param uses gets the paths of the other files, also where reading ends at one of them
   * @throws CodedError for what is no case, StaleCase where its workflow is gone
   */
  read(file: CaseFile, uses: string[] = []): ReadCase {
    const { path, name } = file
    const { bytes, stamp } = readFile(path, name)
    const raw = parseBytes(bytes, name)
    const given = parseCase(raw, name)
    const beside = <T>(local: string, place: string, parse: (bytes: Buffer, what: string) => T): T => {
      const other = besideCase(file, local, place)
      uses.push(other)
      return this.#once(`${place} ${other}`, other, local, parse)
    }
    const workflow = this.#workflow(given, name, beside)
    return {
      ...{ case: given, file: name, path, workflow, raw: raw as JsonMap, stamp },
      ...this.#around(given, name, beside),
      uses
    }
  }

  #once<T>(key: string, path: string, name: string, parse: (bytes: Buffer, name: string) => T): T {
    const known = this.#known.get(key)
    if (known !== undefined && known.stamp === stampOf(path)) return known.value as T
    const { bytes, stamp } = readFile(path, name)
    const value = parse(bytes, name)
    this.#known.set(key, { stamp, value })
    return value
  }

  #workflow(given: Case, name: string, beside: Beside): RawWorkflow {
    const { workflowFile, workflowName } = given
    if (workflowFile !== undefined) {
      try {
        return beside(workflowFile, 'workflowFile', workflowIn)
      } catch (error) {
        if (error instanceof CodedError && error.code === 'FILE_NOT_FOUND')
          throw new StaleCase(`The workflow ${workflowFile} is not there.`)
        throw error
      }
    }
    if (workflowName === undefined) return parseWorkflow(given.workflow ?? null, `${name}: workflow`)
    let found = this.#named.get(workflowName)
    if (found === undefined) {
      const workflow = this.workflowNamed(workflowName)
      if (workflow === null) throw new StaleCase(`The workspace has no workflow “${workflowName}”.`)
      found = parseWorkflow(workflow, workflowName)
      this.#named.set(workflowName, found)
    }
    return found
  }

  #around(given: Case, name: string, beside: Beside): Pick<ReadyCase, 'input' | 'world'> {
    const { inputFile, worldFile } = given
    const input =
      inputFile === undefined
        ? inputInside(given.input ?? null, name, 'input')
        : inputInside(beside(inputFile, 'inputFile', parseBytes), name, 'inputFile')
    const world = worldFile === undefined ? given.world : beside(worldFile, 'worldFile', worldIn)
    return { input, world }
  }
}

type Beside = <T>(local: string, place: string, parse: (bytes: Buffer, what: string) => T) => T

function workflowIn(bytes: Buffer, name: string): RawWorkflow {
  refuseManyNodes({ text: bytes.toString('latin1') }, 'any', name)
  return parseWorkflow(parseBytes(bytes, name), name)
}

function worldIn(bytes: Buffer, name: string): JsonMap {
  const value = parseBytes(bytes, name)
  if (isMap(value)) return value
  throw new CodedError('INPUT_NOT_OBJECT', `${name} is not a JSON object of the world’s parts.`, { file: name })
}
