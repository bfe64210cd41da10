import { useState } from 'react'
import { refusalOf } from '../../../engine/graph/edit-links.ts'
import type { Link } from '../../../engine/graph/edit.ts'
import { disconnect } from '../../../engine/graph/edit.ts'
import { Dialog } from '../../components/dialog.tsx'
import { Icon, moduleIcon } from '../../components/icons.tsx'
import { freeOutputs, keysOf, nodeInfo, outputLabel } from '../../stores/editor-model.ts'
import { addConnection, titleOf } from './actions.ts'
import { useCloseDialog, useEditor } from './editor-context.ts'
import { PickList } from './item-picker.tsx'

interface Target {
  readonly id: string
  readonly key: string
  readonly title: string
  readonly icon: string
  readonly disabled: string | null
}

/** Connects by keyboard: an output, then the node it leads to. What MISP refuses is shown with the reason. */
export function ConnectDialog({ from, output }: { from: string; output?: string | undefined }) {
  const editor = useEditor()
  const graph = editor.graph()
  const info = nodeInfo(graph, from)
  const outputs = info?.outputs ?? []
  const [chosen, setChosen] = useState(output ?? freeOutputs(graph, from)[0] ?? outputs[0] ?? 'output_1')
  const close = useCloseDialog()
  const targets: readonly Target[] = keysOf(graph).flatMap((key) => {
    const target = nodeInfo(graph, key)
    if (!target || target.moduleType === 'trigger' || key === from) return []
    const link: Link = { from, output: chosen, to: key }
    const title = `${target.title} (${target.nodeId})`
    return [{ id: key, key, title, icon: target.definition?.icon ?? 'cube', disabled: refusalOf(graph, link) }]
  })
  const leading = linksFrom(editor, from, chosen)
  return (
    <Dialog title={`Connect ${titleOf(editor, from)}`} bare onClose={close}>
      <PickList<Target>
        label={`Connect ${titleOf(editor, from)} to`}
        placeholder={outputs.length > 1 ? 'Leads to… (Tab: choose the output)' : 'Leads to…'}
        choices={(query) =>
          [...targets]
            .filter(({ title }) => title.toLowerCase().includes(query.trim().toLowerCase()))
            .sort((a, b) => Number(a.disabled !== null) - Number(b.disabled !== null))
        }
        head={
          <div className="connect-head">
            {outputs.length > 1 && (
              <div role="radiogroup" aria-label="Output" className="segmented">
                {outputs.map((one) => (
                  <label key={one}>
                    <input type="radio" name="output" checked={one === chosen} onChange={() => setChosen(one)} />
                    {outputLabel(outputs, one)}
                  </label>
                ))}
              </div>
            )}
            {leading.map((link) => (
              <button
                key={link.to}
                className="btn"
                onClick={() => editor.edit('Remove connection', (before) => disconnect(before, link))}
              >
                <Icon name="xmark" /> Disconnect from {titleOf(editor, link.to)}
              </button>
            ))}
          </div>
        }
        onPick={(target) => {
          if (target.disabled !== null) return editor.refuse(target.disabled)
          if (addConnection(editor, { from, output: chosen, to: target.key })) close()
        }}
        row={(target) => (
          <>
            <Icon name={moduleIcon(target.icon)} size={13} />
            <span>{target.title}</span>
            <span className="muted grow refusal">{target.disabled}</span>
          </>
        )}
      />
    </Dialog>
  )
}

function linksFrom(editor: ReturnType<typeof useEditor>, from: string, output: string): readonly Link[] {
  const graph = editor.graph()
  return keysOf(graph)
    .map((to) => ({ from, output, to }))
    .filter((link) => refusalOf(graph, link)?.includes('already connected') === true)
}
