import { Suspense, useEffect } from 'react'
import { useStore } from 'zustand'
import { lazyView, loadViewsSoon } from './components/lazy-view.ts'
import { AcceptedDialog } from './components/accepted-dialog.tsx'
import { AskDialog } from './components/ask.tsx'
import { ChoiceDialog } from './components/choice-dialog.tsx'
import { CompareWithDialog } from './components/compare-with.tsx'
import { EmptyState, Loading } from './components/empty-state.tsx'
import { ErrorBoundary } from './components/error-boundary.tsx'
import { ContextMenu } from './components/menu.tsx'
import { Icon } from './components/icons.tsx'
import type { IconName } from './components/icons.tsx'
import { DropTarget } from './components/shell/drop-target.tsx'
import { CommandPalette } from './components/shell/command-palette.tsx'
import { HelpSheet } from './components/shell/help-sheet.tsx'
import { WorkspacesDialog } from './components/workspaces-dialog.tsx'
import { StatusBar } from './components/shell/status-bar.tsx'
import { Toasts } from './components/shell/toasts.tsx'
import { app, viewLeft } from './stores/app.ts'
import { searchRuns } from './stores/run-search.ts'
import { addCommands, runCommand } from './stores/commands.ts'
import { pickFiles } from './stores/import.ts'
import { setPreference } from './stores/preferences.ts'
import { buildHash, navigate, router } from './stores/router.ts'
import { title, titleOf } from './stores/title.ts'
import { trust } from './stores/trust.ts'
import { chooseWorkspace, openName, openWorkspace, workspaces } from './stores/workspaces.ts'

const views = {
  runs: lazyView(() => import('./routes/runs.tsx')),
  search: lazyView(() => import('./views/search/search-view.tsx')),
  posts: lazyView(() => import('./views/posts/posts-view.tsx')),
  log: lazyView(() => import('./views/log/log-view.tsx')),
  triggers: lazyView(() => import('./views/triggers/triggers-view.tsx')),
  workflows: lazyView(() => import('./routes/workflows.tsx')),
  cases: lazyView(() => import('./views/cases/cases-view.tsx')),
  modules: lazyView(() => import('./views/modules/modules-view.tsx')),
  data: lazyView(() => import('./views/data/data-view.tsx')),
  world: lazyView(() => import('./views/world/world-view.tsx')),
  connect: lazyView(() => import('./views/connect/connect-view.tsx')),
  settings: lazyView(() => import('./views/settings/settings-view.tsx'))
}
type ViewName = keyof typeof views

const navigation: readonly {
  readonly view: ViewName
  readonly label: string
  readonly icon: IconName
  readonly keys: string
}[] = [
  { view: 'runs', label: 'Runs', icon: 'list', keys: 'g r' },
  { view: 'posts', label: 'Posts', icon: 'wave', keys: 'g p' },
  { view: 'log', label: 'Log', icon: 'file-alt', keys: 'g l' },
  { view: 'triggers', label: 'Triggers', icon: 'bolt', keys: 'g t' },
  { view: 'workflows', label: 'Workflows', icon: 'sitemap', keys: 'g w' },
  { view: 'cases', label: 'Cases', icon: 'list-check', keys: 'g a' },
  { view: 'modules', label: 'Modules', icon: 'puzzle-piece', keys: 'g m' },
  { view: 'data', label: 'Data', icon: 'database', keys: 'g d' },
  { view: 'world', label: 'World', icon: 'globe', keys: 'g o' },
  { view: 'settings', label: 'Settings', icon: 'gear', keys: 'g s' }
]

/** Views that belong to another one's entry. */
const homes: { readonly [view in ViewName]?: ViewName } = { connect: 'world', search: 'runs' }

const isView = (name: string | undefined): name is ViewName => name !== undefined && Object.hasOwn(views, name)

function Navigation({ current }: { current: ViewName }) {
  return (
    <nav className="nav" aria-label="Main">
      {navigation.map(({ view, label, icon, keys }) => (
        <a
          key={view}
          href={buildHash([view])}
          aria-current={view === (homes[current] ?? current) ? 'page' : undefined}
          title={`${label} (${keys.replace(' ', ' then ')})`}
        >
          <Icon name={icon} size={15} />
          {label}
        </a>
      ))}
    </nav>
  )
}

/** What the connection means for a person; the screen stays as it is meanwhile. */
function ConnectionBanner() {
  const connection = useStore(app, (state) => state.connection)
  if (connection === 'lost') {
    return (
      <div className="banner warn" role="alert">
        <span className="spinner" /> Connection to Retrace lost. What is shown here stays; reconnecting…
      </div>
    )
  }
  if (connection === 'refused') {
    return (
      <div className="banner error" role="alert">
        This page has no access to Retrace: Retrace was restarted, or the address has no token. The whole address is in
        the terminal in which Retrace was started, in the line that begins with <code>open</code>. Without that
        terminal, end Retrace and start it again: it prints the address anew.
      </div>
    )
  }
  return null
}

/** Nothing is saved here: who edits knows it before they leave. */
function ReadOnlyBanner() {
  const workspace = useStore(app, (state) => state.workspace)
  if (!workspace || workspace.writable) return null
  return (
    <div className="banner warn" role="status">
      Nothing is saved here: this workspace is read-only, {workspace.readOnly ?? 'another Retrace has it open'}.
    </div>
  )
}

/** Something that came with the workspace would send, open, delete or run: it is off, and a person is asked. */
function TrustBanner() {
  const waiting = useStore(trust, (state) => state.waiting)
  if (waiting === 0) return null
  return (
    <div className="banner warn" role="status">
      {waiting === 1 ? 'Something' : `${waiting} things`} that came with this workspace would send, open, delete or run
      something, and {waiting === 1 ? 'is' : 'are'} off until you allow {waiting === 1 ? 'it' : 'them'}.{' '}
      <a href={buildHash(['settings', 'trust'])}>Look at {waiting === 1 ? 'it' : 'them'}</a>
    </div>
  )
}

/** So that nobody takes a demonstration for their own work. */
function DemonstrationBanner() {
  const list = useStore(workspaces, (state) => state.list)
  const name = useStore(workspaces, openName)
  if (!list || list.demonstration === null) return null
  return (
    <div className="banner" role="status">
      Demonstration: {name}. Nothing here mixes with your own work; MISP’s posts go to {list.home.name}.{' '}
      <button className="link" onClick={() => void openWorkspace({ folder: list.home.folder })}>
        Back to {list.home.name}
      </button>
    </div>
  )
}

const globalCommands = () =>
  addCommands([
    ...navigation.map(({ view, label, keys }) => ({
      id: `go.${view}`,
      title: `Go to ${label}`,
      group: 'Go',
      keys,
      run: () => navigate([view])
    })),
    { id: 'search.runs', title: 'Search in all runs', group: 'Go', keys: 'mod+shift+f', run: () => searchRuns() },
    { id: 'import', title: 'Import files…', group: 'Files', keys: 'mod+o', run: () => pickFiles() },
    { id: 'workspaces', title: 'Switch workspace…', group: 'Go', run: chooseWorkspace },
    { id: 'go.connect', title: 'Import from MISP', group: 'Go', keys: 'g c', run: () => navigate(['connect']) },
    { id: 'scheme.light', title: 'Light theme', group: 'Appearance', run: () => setPreference('scheme', 'light') },
    { id: 'scheme.dark', title: 'Dark theme', group: 'Appearance', run: () => setPreference('scheme', 'dark') },
    { id: 'scheme.auto', title: 'System theme', group: 'Appearance', run: () => setPreference('scheme', 'auto') },
    { id: 'back', title: 'Back', group: 'Go', keys: 'alt+arrowleft', run: () => history.back() },
    { id: 'forward', title: 'Forward', group: 'Go', keys: 'alt+arrowright', run: () => history.forward() }
  ])

const NothingHere = ({ name }: { name: string }) => (
  <EmptyState
    title={`Page not found: “${name.slice(0, 60)}”`}
    actions={
      <a className="btn" href={buildHash(['runs'])}>
        All runs
      </a>
    }
  >
    The link is wrong, or it comes from another version of Retrace.
  </EmptyState>
)

/** The title of the window or tab names what is open, so that it is found among many. */
function useWindowTitle(view: string): void {
  const opened = useStore(title, (state) => state.opened.at(-1))
  const workspace = useStore(workspaces, openName)
  useEffect(() => {
    document.title = titleOf([opened, view, workspace])
  }, [opened, view, workspace])
}

const toContent = () => {
  const main = document.querySelector<HTMLElement>('.main')
  const first = main?.querySelector<HTMLElement>('[role="grid"], [role="treegrid"], [role="tree"], h1')
  if (first && !first.hasAttribute('tabindex')) first.tabIndex = -1
  ;(first ?? main)?.focus()
}

/** The first stops of the keyboard, seen only while they have the focus. */
function SkipLinks() {
  return (
    <div className="skip-links">
      <button className="btn" onClick={toContent}>
        Skip to the content
      </button>
      <button className="btn" onClick={() => runCommand('palette')}>
        Find anything
      </button>
    </div>
  )
}

/** The only part that follows the address. */
function Shell() {
  const route = useStore(router)
  const [name = 'runs'] = route.parts
  const view: ViewName = isView(name) ? name : 'runs'
  const View = views[view]
  const place = route.parts.slice(0, 2).join('/')
  useEffect(() => viewLeft, [place])
  useWindowTitle(
    navigation.find((one) => one.view === view)?.label ?? (view === 'search' ? 'Search' : 'Import from MISP')
  )
  return (
    <div className="shell">
      <SkipLinks />
      <Navigation current={view} />
      <main className="main" tabIndex={-1}>
        <ConnectionBanner />
        <ReadOnlyBanner />
        <DemonstrationBanner />
        <TrustBanner />
        <div className="view">
          <ErrorBoundary key={view}>
            <Suspense fallback={<Loading />}>{isView(name) ? <View /> : <NothingHere name={name} />}</Suspense>
          </ErrorBoundary>
        </div>
      </main>
      <StatusBar />
    </div>
  )
}

export function App() {
  useEffect(globalCommands, [])
  useEffect(loadViewsSoon, [])
  return (
    <>
      <Shell />
      <ContextMenu />
      <WorkspacesDialog />
      <AskDialog />
      <ChoiceDialog />
      <CompareWithDialog />
      <AcceptedDialog />
      <DropTarget />
      <CommandPalette />
      <HelpSheet />
      <Toasts />
    </>
  )
}
