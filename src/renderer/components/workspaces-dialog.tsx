import { useStore } from 'zustand'
import { askText } from './ask.tsx'
import { Dialog } from './dialog.tsx'
import { Loading } from './empty-state.tsx'
import { plural } from '../../contract/words.ts'
import { Icon } from './icons.tsx'
import type { DemoSummary, OwnWorkspace, WorkspaceList } from '../../contract/workspaces.ts'
import { closeChoice, createWorkspace, forgetWorkspace, openWorkspace, workspaces } from '../stores/workspaces.ts'
import './workspaces-dialog.css'

const askNew = (): void =>
  askText('New workspace', 'Name', '', async (name) => name.trim() === '' || createWorkspace(name.trim()))

function Own({ one, list }: { one: OwnWorkspace; list: WorkspaceList }) {
  const isHome = one.folder === list.home.folder
  const isOpen = isHome && list.demonstration === null
  return (
    <li>
      <div className="grow">
        <h3>
          {one.name}
          {isHome && <span className="tag">takes MISP’s posts</span>}
        </h3>
        <p className="muted mono">{one.folder}</p>
        {one.isMissing && <p className="muted">The folder is not there any more.</p>}
      </div>
      {!isHome && (
        <button
          className="btn quiet"
          onClick={() => void forgetWorkspace(one.folder)}
          aria-label={`Take ${one.name} off the list`}
          title="Take off the list; the folder stays as it is"
        >
          <Icon name="xmark" />
        </button>
      )}
      {isOpen ? (
        <span className="muted">open now</span>
      ) : (
        <button
          className="btn"
          disabled={one.isMissing}
          aria-label={`Open ${one.name}`}
          onClick={() => void openWorkspace({ folder: one.folder })}
        >
          Open
        </button>
      )}
    </li>
  )
}

function Demonstration({ one, isOpen }: { one: DemoSummary; isOpen: boolean }) {
  return (
    <li>
      <div className="grow">
        <h3>{one.title}</h3>
        <p className="muted">{one.description}</p>
        <p className="muted">
          {plural(one.workflows.length, 'workflow')} · {plural(one.data.length, 'event')}
        </p>
      </div>
      {isOpen ? (
        <span className="muted">open now</span>
      ) : (
        <button
          className="btn"
          aria-label={`Open ${one.title}`}
          onClick={() => void openWorkspace({ demonstration: one.id })}
        >
          Open
        </button>
      )}
    </li>
  )
}

/** All workspaces, and those that can be looked at: opening one replaces what is open. */
export function WorkspacesDialog() {
  const { list, isChoosing } = useStore(workspaces)
  if (!isChoosing) return null
  return (
    <Dialog title="Workspaces" onClose={closeChoice} wide>
      {list === null ? (
        <Loading label="Loading workspaces" />
      ) : (
        <div className="workspaces">
          <header>
            <h2 id="own-workspaces">Your workspaces</h2>
            <button className="btn" onClick={askNew}>
              <Icon name="plus" /> New workspace…
            </button>
          </header>
          <ul aria-labelledby="own-workspaces">
            {list.own.map((one) => (
              <Own key={one.folder} one={one} list={list} />
            ))}
          </ul>
          <h2 id="demonstrations">Demonstrations</h2>
          <p className="muted">
            Each is a workspace of its own: nothing in it mixes with yours, and MISP’s posts keep going to{' '}
            {list.home.name}.
          </p>
          <ul aria-labelledby="demonstrations">
            {list.demonstrations.map((one) => (
              <Demonstration key={one.id} one={one} isOpen={list.demonstration === one.id} />
            ))}
          </ul>
        </div>
      )}
    </Dialog>
  )
}
