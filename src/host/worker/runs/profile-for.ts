// Which MISP an operation is about: the one that is asked for, else the one of the run, the workflow or the workspace that it names.
import type { Json } from '../../../contract/json.ts'
import type { RunOptionsInput, WorkflowSource } from '../../../contract/operations.ts'
import type { RawWorkflow } from '../../../contract/workflow.ts'
import { recognise, traceOfModule, tracesOf } from '../../../engine/check/recognise.ts'
import type { Trace } from '../../../engine/check/recognise.ts'
import { workflowGraph } from '../../../engine/graph/document.ts'
import { defaultProfile, isProfileId } from '../../../engine/profiles/profiles.ts'
import type { ProfileId } from '../../../engine/profiles/profiles.ts'
import type { Refs } from '../thread/protocol.ts'
import type { RunBook } from './run-book.ts'
import { parseProfile } from './run-input.ts'

/** What holds where nothing is asked for. */
export const profileOf = (refs: Pick<Refs, 'profiles'>, given?: string): ProfileId =>
  given === undefined ? (refs.profiles?.workspace ?? defaultProfile) : parseProfile(given)

export interface WorkflowProfile {
  readonly profile: ProfileId
  readonly how: 'chosen' | 'recognised' | 'workspace'
  /** What it was recognised by, or what speaks against it. */
  readonly traces: readonly Trace[]
}

/** The one of a workflow. Its nodes speak for another one, unless somebody chose one for the workspace. `as`: a trigger that it is run as. */
export function profileOfWorkflow(workflow: Json, { profiles }: Pick<Refs, 'profiles'>, as?: string): WorkflowProfile {
  const anyhow = profiles?.workflow ?? profiles?.workspace ?? defaultProfile
  const trace = as === undefined ? null : traceOfModule('trigger', as, 'The trigger that it is run as')
  const found = recognise([...tracesOf(workflowGraph(workflow)), ...(trace ? [trace] : [])], anyhow)
  if (profiles?.workflow !== undefined) return { profile: anyhow, how: 'chosen', traces: against(found.traces, anyhow) }
  if (profiles?.isChosen || !found.isOther)
    return { profile: anyhow, how: 'workspace', traces: against(found.traces, anyhow) }
  return { profile: found.profile, how: 'recognised', traces: found.traces }
}

const against = (traces: readonly Trace[], profile: ProfileId): readonly Trace[] =>
  traces.filter(({ profiles }) => !profiles.includes(profile))

const mostSaid = 3

export interface WithProfile {
  readonly options: RunOptionsInput & { readonly profile: string }
  /** What a run is to say of it. */
  readonly said: readonly string[]
}

/** Options with the profile that holds for a run of this workflow. One that is run again has the one that it had. */
export async function withProfile(
  options: RunOptionsInput,
  asked: {
    readonly book: RunBook
    readonly refs: Refs
    readonly workflow: RawWorkflow
    readonly source: WorkflowSource
  }
): Promise<WithProfile> {
  const { book, refs, workflow, source } = asked
  if (options.profile !== undefined) return { options: { ...options, profile: options.profile }, said: [] }
  if ('runId' in source) {
    const { profile } = (await book.open(refs.workflowRun, source.runId, refs.halt)).fold
    if (isProfileId(profile)) return { options: { ...options, profile }, said: [] }
  }
  const { profile, how, traces } = profileOfWorkflow(workflow as unknown as Json, refs, options.as)
  const evidence = traces.slice(0, mostSaid).map(({ text }) => text)
  const said = how === 'recognised' ? [`MISP ${profile} was recognised: ${evidence.join(' ')}`] : []
  return { options: { ...options, profile }, said }
}

/** Of data alone there is nothing to recognise. */
export const ofWorkspace = (options: RunOptionsInput, refs: Refs): RunOptionsInput & { readonly profile: string } => ({
  ...options,
  profile: options.profile ?? profileOf(refs)
})
