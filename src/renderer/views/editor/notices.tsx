// What the editor has to say above the canvas: a draft that came back, an import that does not fit, a refusal, a comparison.
import { useEffect, useMemo, useState } from 'react'
import { useStore } from 'zustand'
import { importReport } from '../../../engine/check/import-report.ts'
import { formatMinute } from '../../components/format.ts'
import { plural } from '../../../contract/words.ts'
import { GraphReportList, notesOf } from '../../components/graph-report.tsx'
import { Icon } from '../../components/icons.tsx'
import { definitionNow } from '../../stores/added-modules.ts'
import { workflowGraph } from '../../../engine/graph/document.ts'
import { keysOf, nodeInfo } from '../../stores/editor-model.ts'
import { library } from '../../stores/library.ts'
import { router } from '../../stores/router.ts'
import { useEditor, useEditorState } from './editor-context.ts'
import { useLayout } from './use-layout.ts'

export function Notices() {
  const editor = useEditor()
  const restored = useEditorState((state) => state.restored)
  const refusal = useEditorState((state) => state.refusal)
  const comparison = useEditorState((state) => state.comparison)
  const version = useEditorState((state) => state.detail.version)
  return (
    <>
      <ImportNotice />
      {restored && (
        <div className="banner info" role="status">
          <Icon name="circle-info" />
          <span className="grow">
            Restored unsaved changes from {formatMinute(restored.at)}
            {restored.base < version ? `; they are based on version ${restored.base}, the latest is ${version}` : ''}.
          </span>
          <button className="btn" onClick={() => void editor.discardDraft()}>
            Discard
          </button>
          <button className="btn" onClick={() => editor.setState({ restored: null })}>
            Keep
          </button>
        </div>
      )}
      {refusal && (
        <div className="banner error" role="alert">
          <Icon name="ban" />
          <span className="grow">{refusal}</span>
          <button className="btn quiet icon" aria-label="Close" onClick={() => editor.refuse(null)}>
            <Icon name="xmark" />
          </button>
        </div>
      )}
      {comparison && (
        <div className="banner info" role="status">
          <Icon name="compare" />
          <span className="grow">
            {comparison.with ? `Version ${comparison.with.version} compared` : 'Compared'} with version{' '}
            {comparison.version}: {plural(comparison.changes.length, 'difference')}. Green: added, red: removed, amber:
            changed.
          </span>
          <button className="btn" onClick={() => void editor.compare(null)}>
            Back to editing
          </button>
        </div>
      )}
    </>
  )
}

/** After an import: what does not fit the modules that are here. It stays in the list of problems. */
function ImportNotice() {
  const editor = useEditor()
  const { show } = useLayout()
  const saved = useEditorState((state) => state.saved)
  const modules = useStore(library, (state) => state.modules)
  const [open, setOpen] = useState(() => router.getState().query.has('imported'))
  const report = useMemo(
    () => (open ? importReport(workflowGraph(saved), definitionNow) : null),
    [open, saved, modules]
  )
  useEffect(() => {
    if (report && notesOf(report) > 0) editor.setState({ tab: 'problems' })
  }, [])
  if (!report || notesOf(report) === 0) return null
  const jump = (nodeId: number) => {
    const graph = editor.graph()
    const key = keysOf(graph).find((one) => nodeInfo(graph, one)?.nodeId === nodeId)
    if (key === undefined) return
    editor.select([key])
    editor.setState({ tab: 'node' })
    show(key)
  }
  return (
    <section aria-label="Mismatches with the modules here">
      <div className="banner warn" role="status">
        <Icon name="triangle-exclamation" />
        <span className="grow">
          Imported unchanged; {plural(notesOf(report), 'mismatch', 'mismatches')} with the modules here:
        </span>
        <button className="btn quiet icon" aria-label="Close the report" onClick={() => setOpen(false)}>
          <Icon name="xmark" />
        </button>
      </div>
      <GraphReportList report={report} onNode={jump} />
    </section>
  )
}
