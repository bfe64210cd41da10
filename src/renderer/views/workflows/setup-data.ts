// What the page that starts a run asks the host for: the text of the data, and the nodes of the workflow.
import { useEffect, useMemo, useState } from 'react'
import type { JsonMap } from '../../../contract/json.ts'
import type { DataSource, WorkflowSource } from '../../../contract/operations.ts'
import type { Failure } from '../../../contract/wire.ts'
import { client } from '../../client/client.ts'
import { effectfulNodes } from '../../components/run-with/effectful-nodes.ts'
import type { EffectfulNode } from '../../components/run-with/effectful-nodes.ts'
import { useDraft } from '../../hooks/use-draft.ts'

/** Bigger data is run as it is: as text it would have to come into the window whole. */
const editLimit = 4_000_000

type Source = { readonly kind: 'again' } | { readonly kind: 'data'; readonly id: string } | { readonly kind: 'paste' }

interface Original {
  readonly text: string | null
  readonly loading: boolean
  readonly tooLarge: boolean
  readonly failure: Failure | null
}

/** The text of the data that will be run, where it is small enough to be edited. */
function useOriginal(source: Source, again: string | undefined): Original {
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

function problemOf(text: string, kind: Source['kind']): string | null {
  if (text === '')
    return kind === 'paste' ? 'Paste the trigger data: an event as exported by MISP, or any JSON object.' : null
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? null : 'The data is not a JSON object.'
  } catch (error) {
    return error instanceof Error ? error.message : 'Invalid JSON.'
  }
}

/** The data that will be run: as it is saved, or as it was edited. */
export function useSetupData(query: ReadonlyMap<string, string>) {
  const again = query.get('again')
  const asked = query.get('data')
  const [source, setSource] = useState<Source>(
    asked ? { kind: 'data', id: asked } : again ? { kind: 'again' } : { kind: 'paste' }
  )
  // Of each source its own: who looks at another one, or leaves the page, finds it again.
  const key = source.kind === 'data' ? `data/${source.id}` : `${source.kind}/${again ?? ''}`
  const [edited, edit] = useDraft<string | null>(`run/${key}`, null)
  // Of each source its own, too: which of several entries.
  const [entry, setEntry] = useState<{ readonly of: string; readonly index: number | null } | null>(null)
  const index = entry?.of === key ? entry.index : null
  const original = useOriginal(source, again)
  const text = edited ?? original.text ?? ''
  const changed = edited !== null && edited !== original.text
  const problem = useMemo(() => problemOf(text, source.kind), [text, source.kind])
  const saved: DataSource | null =
    source.kind === 'data'
      ? { dataId: source.id }
      : source.kind === 'again' && again
        ? { runId: again, step: 0, which: 'original' }
        : null
  return {
    ...{ source, setSource, index, original, text, edit, changed, problem, saved },
    setIndex: (next: number | null) => setEntry({ of: key, index: next }),
    /** Throws where `text` is no JSON. */
    given(): DataSource {
      const all = changed || !saved ? { json: JSON.parse(text) as JsonMap } : saved
      return index === null || 'runId' in all ? all : { ...all, index }
    }
  }
}

export type SetupData = ReturnType<typeof useSetupData>

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
