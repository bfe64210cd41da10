import { useState } from 'react'
import { refusalOf } from '../../../engine/graph/edit-links.ts'
import type { Link } from '../../../engine/graph/edit.ts'
import { disconnect } from '../../../engine/graph/edit.ts'
import { Dialog } from '../../components/dialog.tsx'
import { Icon, moduleIcon } from '../../components/icons.tsx'
import { freeOutputs, keysOf, nodeInfo, outputLabel } from '../../stores/editor-model.ts'
import { addConnection, moveConnection, titleOf } from './actions.ts'
import { useCloseDialog, useEditor } from './editor-context.ts'
import { PickList } from './item-picker.tsx'

interface Target {
  readonly id: string
  /** The connection that would be led here: its output has no other to give. */
  readonly moves: Link | null
  readonly key: string
  readonly title: string
  readonly icon: string
  readonly disabled: string | null
}

interface ConnectProps {
  readonly from: string
  readonly output?: string | undefined
  /** The connection to lead elsewhere. */
  readonly moves?: Link | undefined
}

/**
 * Connects by keyboard: an output, then the node it leads to. An output that is taken already leads to the new node instead of the old one. What
 * MISP refuses is shown with the reason.
 */
export function ConnectDialog({ from, output, moves }: ConnectProps) {
  const editor = useEditor()
  const graph = editor.graph()
  const info = nodeInfo(graph, from)
  const outputs = info?.outputs ?? []
  const [chosen, setChosen] = useState(output ?? freeOutputs(graph, from)[0] ?? outputs[0] ?? 'output_1')
  const close = useCloseDialog()
  const leading = linksFrom(editor, from, chosen)
  const taken = freeOutputs(graph, from).includes(chosen) ? undefined : leading[0]
  const moved = moves && moves.output === chosen ? moves : taken
  const offer = (link: Link): Pick<Target, 'disabled' | 'moves'> => {
    if (!moved) return { disabled: refusalOf(graph, link), moves: null }
    if (moved.to === link.to) return { disabled: 'It already leads here.', moves: null }
    return { disabled: refusalOf(disconnect(graph, moved), link), moves: moved }
  }
  const targets: readonly Target[] = keysOf(graph).flatMap((key) => {
    const target = nodeInfo(graph, key)
    if (!target || target.moduleType === 'trigger' || key === from) return []
    const link: Link = { from, output: chosen, to: key }
    const title = `${target.title} (${target.nodeId})`
    return [{ id: key, key, title, icon: target.definition?.icon ?? 'cube', ...offer(link) }]
  })
  const title = `${moves ? 'Reconnect from' : 'Connect'} ${titleOf(editor, from)}`
  return (
    <Dialog title={title} bare onClose={close}>
      <PickList<Target>
        label={`Connect ${titleOf(editor, from)} to`}
        placeholder={outputs.length > 1 ? 'Connect to… (Tab: choose the output)' : 'Connect to…'}
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
          const link = { from, output: chosen, to: target.key }
          if (target.moves ? moveConnection(editor, target.moves, link) : addConnection(editor, link)) close()
        }}
        row={(target) => (
          <>
            <Icon name={moduleIcon(target.icon)} size={13} />
            <span>{target.title}</span>
            <span className="muted grow refusal">
              {target.disabled ?? (target.moves && `instead of ${titleOf(editor, target.moves.to)}`)}
            </span>
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
