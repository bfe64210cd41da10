import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import type { JsonMap } from '../../../contract/json.ts'
import { withFilters, withNodeData } from '../../../engine/graph/edit.ts'
import { JsonEditor } from '../../components/json-editor.tsx'
import { ParamForm } from '../../components/param-form/param-form.tsx'
import { workflowGraph } from '../../../engine/graph/document.ts'
import { triggerOf } from '../../stores/editor-model.ts'
import type { NodeInfo } from '../../stores/editor-model.ts'
import { library } from '../../stores/library.ts'
import { useEditor, useEditorState } from './editor-context.ts'
import { StandIn } from './stand-in.tsx'

/** Parameters and filters of one node. Every change is a step that can be undone. */
export function NodeForm({ info }: { info: NodeInfo }) {
  const editor = useEditor()
  const dataId = useEditorState((state) => state.dataId)
  const trigger = useEditorState((state) => triggerOf(workflowGraph(state.document)))
  const modules = useStore(library, (state) => state.modules)
  // The host's definition knows the options that the world gives; the table's is enough until it is there.
  const definition =
    modules?.find((one) => one.id === info.moduleId && one.module_type === info.moduleType) ?? info.definition
  const change = ({ params, filters }: { readonly params: JsonMap; readonly filters: JsonMap }) => {
    if (params !== info.params) {
      const empty = Object.keys(params).length === 0
      editor.edit(
        `Change ${info.title}`,
        (graph) => withNodeData(graph, info.key, { indexed_params: empty ? [] : params }),
        `params ${info.key} ${changedName(info.params, params)}`
      )
    }
    if (filters !== info.filters)
      editor.edit(`Filter of ${info.title}`, (graph) => withFilters(graph, info.key, filters), `filters ${info.key}`)
  }
  if (!definition) return <UnknownModule info={info} />
  return (
    <>
      {info.version !== '?' && info.version !== definition.version && !definition.is_misp_module && (
        <div className="banner warn">
          <span className="grow">
            Saved with version {info.version} of the module
            {info.previousVersion !== '?' && info.previousVersion !== info.version
              ? ` (before that ${info.previousVersion})`
              : ''}
            ; it is {definition.version} here.
          </span>
          <button
            className="btn"
            onClick={() =>
              editor.edit(`Update ${info.title}`, (graph) =>
                withNodeData(graph, info.key, {
                  previous_module_version: info.version,
                  module_version: definition.version
                })
              )
            }
          >
            Update
          </button>
        </div>
      )}
      <div className="section">
        <ParamForm
          key={info.key}
          definition={definition}
          params={info.params}
          filters={info.filters}
          trigger={trigger}
          onChange={change}
          {...(dataId ? { data: { dataId, ...(trigger === null ? {} : { trigger }) } } : {})}
        />
      </div>
    </>
  )
}

const changedName = (before: JsonMap, after: JsonMap): string =>
  Object.keys(after).find((name) => before[name] !== after[name]) ?? 'reset'

function UnknownModule({ info }: { info: NodeInfo }) {
  const editor = useEditor()
  const text = JSON.stringify(info.params, null, 2)
  const [value, setValue] = useState(text)
  useEffect(() => setValue(text), [text])
  const change = (next: string) => {
    setValue(next)
    try {
      const params = JSON.parse(next) as JsonMap
      if (typeof params === 'object' && params !== null && JSON.stringify(params) !== JSON.stringify(info.params))
        editor.edit(
          `Change ${info.title}`,
          (graph) => withNodeData(graph, info.key, { indexed_params: params }),
          `raw ${info.key}`
        )
    } catch {
      // Not JSON yet: it is taken over once it is.
    }
  }
  return (
    <div className="section">
      <p>
        No {info.moduleType} module <code>{info.moduleId}</code> is available here. The node is kept unchanged.
      </p>
      <StandIn info={info} />
      <h2>Saved parameters</h2>
      <div className="raw-params">
        <JsonEditor value={value} onChange={change} label="Parameters" />
      </div>
    </div>
  )
}
