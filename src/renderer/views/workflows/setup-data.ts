// What the page that starts a run asks the host for: the text of the data, and the nodes of the workflow.
import { useEffect, useState } from 'react'
import type { WorkflowSource } from '../../../contract/operations.ts'
import type { Failure } from '../../../contract/wire.ts'
import { client } from '../../client/client.ts'
import { effectfulNodes } from '../../components/run-with/effectful-nodes.ts'
import type { EffectfulNode } from '../../components/run-with/effectful-nodes.ts'

/** Bigger data is run as it is: as text it would have to come into the window whole. */
const editLimit = 4_000_000

export type Source =
  { readonly kind: 'again' } | { readonly kind: 'data'; readonly id: string } | { readonly kind: 'paste' }

export interface Original {
  readonly text: string | null
  readonly loading: boolean
  readonly tooLarge: boolean
  readonly failure: Failure | null
}

/** The text of the data that will be run, where it is small enough to be edited. */
export function useOriginal(source: Source, again: string | undefined): Original {
  const [state, setState] = useState<Original>({ text: null, loading: false, tooLarge: false, failure: null })
  const key = source.kind === 'data' ? `data/${source.id}` : source.kind === 'again' ? `run/${again ?? ''}` : 'paste'
  useEffect(() => {
    let wanted = true
    const set = (next: Partial<Original>) =>
      wanted && setState({ text: null, loading: false, tooLarge: false, failure: null, ...next })
    const load = async () => {
      if (source.kind === 'paste') return set({ text: '' })
      set({ loading: true })
      const answer =
        source.kind === 'data'
          ? await client.call('data.text', { dataId: source.id })
          : await client.call('run.text', { runId: again ?? '', step: 0, which: 'original', path: [] })
      // Only of what is there it is said that it is too large.
      if (!answer.ok && answer.error.code !== 'PARAMS_INVALID') return set({ failure: answer.error })
      if (!answer.ok || answer.data.text.length > editLimit) return set({ tooLarge: true })
      set({ text: pretty(answer.data.text) })
    }
    void load()
    return () => {
      wanted = false
    }
  }, [key])
  return state
}

/** Nodes that can contact anyone, of a saved workflow or of the one that a run had. */
export function useEffectfulNodes(source: WorkflowSource | null): readonly EffectfulNode[] {
  const [nodes, setNodes] = useState<readonly EffectfulNode[]>([])
  const key = JSON.stringify(source)
  useEffect(() => {
    let wanted = true
    const load = async () => {
      if (!source || 'json' in source) return setNodes([])
      const answer =
        'runId' in source
          ? await client.call('run.workflow', { runId: source.runId })
          : await client.call('workflows.get', source)
      if (wanted) setNodes(answer.ok ? effectfulNodes(answer.data.workflow) : [])
    }
    void load()
    return () => {
      wanted = false
    }
  }, [key])
  return nodes
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
