import { useStore } from 'zustand'
import { Icon } from '../../components/icons.tsx'
import { pickFiles } from '../../stores/import.ts'
import { preferences, setPreference } from '../../stores/preferences.ts'
import { openWorkspace } from '../../stores/workspaces.ts'
import { ConnectCard } from '../../components/connect-card.tsx'
import './welcome.css'

const without = (dismissed: readonly string[]): readonly string[] => dismissed.filter((one) => one !== 'connect')

/** A workspace without runs: what Retrace is, and where to begin. */
export function Welcome() {
  const dismissed = useStore(preferences, (state) => state.dismissed)
  const isShown = !dismissed.includes('connect')
  return (
    <section className="welcome" aria-label="Where to begin">
      <h2>Retrace debugs and replays MISP workflows offline.</h2>
      <p className="muted">
        It shows what each node of a workflow did, why a publish was blocked, and what an edit would change, without
        touching your MISP.
      </p>
      <ul>
        <li>
          <button className="btn primary" onClick={() => void openWorkspace({ demonstration: 'blocked-publish' })}>
            <Icon name="play" /> Open a blocked run
          </button>
          <span>A demonstration: a publish that a workflow stopped, and why. It stays apart from your workspace.</span>
        </li>
        <li>
          <button className="btn" onClick={() => pickFiles()}>
            <Icon name="upload" /> Open a workflow
          </button>
          <span>A workflow or blueprint exported from MISP, an event, or captured posts.</span>
        </li>
        <li>
          <button
            className="btn"
            aria-expanded={isShown}
            onClick={() => setPreference('dismissed', isShown ? [...dismissed, 'connect'] : without(dismissed))}
          >
            <Icon name="wave" /> Connect your MISP
          </button>
          <span>MISP posts what its workflows do to Retrace, and each of their runs shows here.</span>
        </li>
      </ul>
      <ConnectCard />
    </section>
  )
}
