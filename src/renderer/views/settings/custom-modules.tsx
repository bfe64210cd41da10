import { useCallback, useEffect, useState } from 'react'
import { useStore } from 'zustand'
import type { CustomModuleInfo } from '../../../contract/effects.ts'
import { customModuleId } from '../../../contract/modules.ts'
import type { Failure } from '../../../contract/wire.ts'
import { client } from '../../client/client.ts'
import { Dialog } from '../../components/dialog.tsx'
import { FailureState, Loading } from '../../components/empty-state.tsx'
import { Icon } from '../../components/icons.tsx'
import { JsonEditor } from '../../components/json-editor.tsx'
import { PlainTable } from '../../components/plain-table.tsx'
import { app, showFailure, toast } from '../../stores/app.ts'
import { copyText } from '../../stores/clipboard.ts'
import { useAnswer } from '../../hooks/use-answer.ts'

type Language = 'ts' | 'js'
type ModuleKind = 'action' | 'logic'

function useModules(): {
  modules: readonly CustomModuleInfo[] | null
  failure: Failure | null
  reload: () => Promise<void>
} {
  const [modules, setModules] = useState<readonly CustomModuleInfo[] | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const reload = useCallback(async () => {
    const answer = await client.call('customModules.list', {})
    if (answer.ok) setModules(answer.data)
    setFailure(answer.ok ? null : answer.error)
  }, [])
  useEffect(() => {
    void reload()
    return client.on('modules.changed', () => void reload())
  }, [reload])
  return { modules, failure, reload }
}

function CreateModule({ onCreated }: { onCreated: () => void }) {
  const [id, setId] = useState('')
  const [kind, setKind] = useState<ModuleKind>('action')
  const [language, setLanguage] = useState<Language>('ts')
  const valid = customModuleId.test(id)
  const create = async () => {
    const answer = await client.call('customModules.create', { id, kind, language })
    if (!answer.ok) return showFailure(answer.error)
    setId('')
    toast(`modules/${answer.data.file} created: open it in your editor`, { tone: 'success' })
    onCreated()
  }
  return (
    <form
      className="create-module"
      onSubmit={(event) => {
        event.preventDefault()
        if (valid) void create()
      }}
    >
      <input
        className="field mono"
        aria-label="ID of the new module"
        placeholder="module-id"
        value={id}
        onChange={(event) => setId(event.target.value.trim())}
      />
      <select
        className="field"
        aria-label="Kind"
        value={kind}
        onChange={(event) => setKind(event.target.value as ModuleKind)}
      >
        <option value="action">action</option>
        <option value="logic">logic</option>
      </select>
      <select
        className="field"
        aria-label="Language"
        value={language}
        onChange={(event) => setLanguage(event.target.value as Language)}
      >
        <option value="ts">TypeScript</option>
        <option value="js">JavaScript</option>
      </select>
      <button
        className="btn"
        type="submit"
        disabled={!valid}
        title={valid ? undefined : 'Lowercase letters, digits, _ and -'}
      >
        <Icon name="plus" /> Create from template
      </button>
    </form>
  )
}

function CodeDialog({ file, onClose }: { file: string; onClose: () => void }) {
  const answer = useAnswer('customModules.text', { file })
  return (
    <Dialog wide title={`modules/${file}`} onClose={onClose}>
      {!answer ? (
        <Loading />
      ) : answer.ok ? (
        <div style={{ height: '58vh' }}>
          <JsonEditor
            value={answer.data.text}
            onChange={() => undefined}
            label={`Source of ${file}`}
            language="text"
            readOnly
          />
        </div>
      ) : (
        <FailureState failure={answer.error} />
      )}
    </Dialog>
  )
}

function ModuleRow({ module, reload, show }: { module: CustomModuleInfo; reload: () => void; show: () => void }) {
  const flip = async () => {
    const answer = await client.call('customModules.switch', {
      ...{ file: module.file, on: !module.on },
      ...(module.sha256 === null ? {} : { sha256: module.sha256 })
    })
    if (!answer.ok) return showFailure(answer.error)
    reload()
  }
  const { error } = module
  return (
    <tr>
      <td>
        <input
          type="checkbox"
          role="switch"
          aria-label={`Use ${module.file} in runs`}
          checked={module.on}
          onChange={() => void flip()}
        />
      </td>
      <td>
        <button className="link mono" onClick={show} title="Show source">
          {module.file}
        </button>
        {error && (
          <div style={{ color: 'var(--blocked)' }}>
            <span className="mono">
              {error.file}
              {error.line === null ? '' : `:${error.line}`}
            </span>{' '}
            {error.message}
          </div>
        )}
      </td>
      <td>
        {module.name ?? <span className="muted">–</span>}
        {module.description && <div className="muted">{module.description}</div>}
      </td>
      <td>{module.kind}</td>
      <td>
        {error ? (
          <span className="tag blocked">error</span>
        ) : module.on ? (
          <span className="tag ok">on</span>
        ) : module.changed ? (
          <span className="tag failure" title="It was changed after it was enabled. Review it and enable it again.">
            changed, off
          </span>
        ) : (
          <span className="tag">off</span>
        )}
      </td>
    </tr>
  )
}

/** Modules that a person wrote: the counterpart of MISP's own PHP and Python modules. */
export function CustomModules() {
  const { modules, failure, reload } = useModules()
  const [shown, setShown] = useState<string | null>(null)
  const folder = useStore(app, (state) => (state.workspace ? `${state.workspace.folder}/modules` : ''))
  if (failure) return <FailureState failure={failure} retry={() => void reload()} />
  if (!modules) return <Loading />
  return (
    <>
      <p className="muted hint">
        A file in <span className="mono">modules/</span> is a custom module. It runs in its own sandbox without access
        to files, processes or the network; its requests follow the run’s side-effect policies. A module that came with
        a workspace, or that was changed, is off until you enable it.
      </p>
      <p className="folder-line">
        <span className="mono ellipsis" title={folder}>
          {folder}
        </span>
        <button className="btn" onClick={() => copyText(folder, 'the path')}>
          <Icon name="copy" /> Copy path
        </button>
      </p>
      {modules.length > 0 && (
        <PlainTable label="Custom modules" heads={['Use', 'File', 'Module', 'Kind', 'State']}>
          {modules.map((module) => (
            <ModuleRow
              key={module.file}
              module={module}
              reload={() => void reload()}
              show={() => setShown(module.file)}
            />
          ))}
        </PlainTable>
      )}
      <CreateModule onCreated={() => void reload()} />
      {shown !== null && <CodeDialog file={shown} onClose={() => setShown(null)} />}
    </>
  )
}
