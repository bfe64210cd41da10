import type { OperationName, Params, Result } from '../../src/contract/operations.ts'
import type { Host } from '../../src/host/host.ts'

/** What an operation answers; a benchmark ends with an error. */
export async function ask<N extends OperationName>(host: Host, name: N, params: Params<N>): Promise<Result<N>> {
  const answer = await host.call(name, params)
  if (!answer.ok) throw new Error(`${name}: ${answer.error.message}`)
  return answer.data as Result<N>
}
