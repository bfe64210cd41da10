import { useEffect, useState } from 'react'
import { mapInText, plainText, type Json, type JsonMap } from '../../../contract/json.ts'
import type { RunDetail, RunStep } from '../../../contract/run-views.ts'
import { isSecretParam } from '../../../contract/modules.ts'
import { mask, maskParam } from '../../../contract/secrets.ts'
import { client } from '../../client/client.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { ShowSecrets } from '../../step/show-secrets.tsx'
import { savedNode, showValue } from '../../step/node-params.ts'
import { definitionNow } from '../../stores/added-modules.ts'

/** The parameters after defaults and templates; small, so they are fetched whole. */
function useRendered(runId: string, step: number, unmasked: boolean): JsonMap | null {
  const [rendered, setRendered] = useState<JsonMap | null>(null)
  useEffect(() => {
    let wanted = true
    void client.call('run.text', { runId, step, which: 'params', unmasked, path: [] }).then((answer) => {
      if (!wanted || !answer.ok) return
      const params = mapInText(answer.data.text)
      if (params !== null) setRendered(params)
    })
    return () => {
      wanted = false
    }
  }, [runId, step, unmasked])
  return rendered
}

const same = (a: Json | undefined, b: Json | undefined): boolean => JSON.stringify(a ?? '') === JSON.stringify(b ?? '')

/** What was used comes masked while secrets are hidden. Of two hidden secrets nobody can see that they are the same. */
const isSame = (id: string, used: Json | undefined, set: Json | undefined): boolean =>
  same(used, set) || (set !== undefined && !isSecretParam(id) && same(used, maskParam(id, set)))

export function ParametersTab({ detail, step, workflow }: { detail: RunDetail; step: RunStep; workflow: Json }) {
  const [secrets, setSecrets] = useState(false)
  const rendered = useRendered(detail.summary.id, step.step, secrets)
  const saved = savedNode(workflow, step.nodeId)
  const definition = definitionNow(step.moduleType, step.moduleId)
  const labels = new Map((definition?.params ?? []).map((param) => [param.id, plainText(param.label)] as const))
  const ids = [
    ...new Set([
      ...(definition?.params.map((param) => param.id) ?? []),
      ...Object.keys(saved.params),
      ...Object.keys(rendered ?? {})
    ])
  ]
  if (ids.length === 0) return <EmptyState title="No parameters">This module has no parameters.</EmptyState>
  const shown = (id: string, value: Json): Json => (secrets ? value : maskParam(id, value))
  const hides = ids.some((id) => {
    const set = saved.params[id] ?? ''
    const used = rendered?.[id] ?? ''
    return [set, used].some(
      (value) =>
        value !== '' && (isSecretParam(id) || !same(maskParam(id, value), value) || showValue(value).includes(mask))
    )
  })
  return (
    <div className="scroll" style={{ height: '100%' }} tabIndex={0} aria-label="Parameters">
      {(hides || secrets) && <ShowSecrets on={secrets} change={setSecrets} />}
      <table className="kv">
        <thead>
          <tr>
            <th>Parameter</th>
            <th>As set</th>
            <th>As used</th>
          </tr>
        </thead>
        <tbody>
          {ids.map((id) => {
            const used = rendered?.[id]
            const set = saved.params[id]
            return (
              <tr key={id}>
                <th scope="row" title={id}>
                  {labels.get(id) ?? id}
                </th>
                <td>{set === undefined ? <span className="muted">not set</span> : showValue(shown(id, set))}</td>
                <td>
                  {rendered === null ? (
                    ''
                  ) : isSame(id, used, set) ? (
                    <span className="muted">same</span>
                  ) : (
                    showValue(shown(id, used ?? null))
                  )}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
