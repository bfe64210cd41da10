import type { ReactNode } from 'react'
import { useStore } from 'zustand'
import { app } from '../../stores/app.ts'
import { preferences, setPreference } from '../../stores/preferences.ts'
import { trust } from '../../stores/trust.ts'
import { CustomModules } from './custom-modules.tsx'
import { Jumps, useJump } from './jumps.tsx'
import { Listener } from './listener.tsx'
import { LiveServices } from './live-services.tsx'
import { MispSettings } from './misp-settings.tsx'
import { MocksSection } from './mocks-section.tsx'
import { Storage } from './storage.tsx'
import { TemplateLimits } from './template-limits.tsx'
import { VersionSection } from './version-section.tsx'
import { TrustSection } from './trust-section.tsx'
import './settings.css'

function WorkspaceInfo() {
  const workspace = useStore(app, (state) => state.workspace)
  if (!workspace) return null
  return (
    <>
      <dl className="props">
        <dt>Folder</dt>
        <dd className="mono">{workspace.folder}</dd>
        <dt>Writable</dt>
        <dd>{workspace.writable ? 'yes' : `no: ${workspace.readOnly ?? 'another Retrace has it open'}`}</dd>
        <dt>Contents</dt>
        <dd>
          {workspace.runs} runs, {workspace.workflows} workflows, {workspace.dataSets} data sets
        </dd>
      </dl>
      {workspace.problems.map((problem, i) => (
        <div key={i} className="banner error" style={{ marginTop: 8 }}>
          <span>
            <b className="mono">{problem.file}</b>: {problem.message}{' '}
            {problem.keptAs && (
              <>
                Kept as <span className="mono">{problem.keptAs}</span>.
              </>
            )}
          </span>
        </div>
      ))}
    </>
  )
}

function Colours() {
  const scheme = useStore(preferences, (state) => state.scheme)
  return (
    <div className="chips" role="radiogroup" aria-label="Theme">
      {(['auto', 'light', 'dark'] as const).map((one) => (
        <button
          key={one}
          className="chip"
          role="radio"
          aria-checked={scheme === one}
          onClick={() => setPreference('scheme', one)}
        >
          {one === 'auto' ? 'system' : one}
        </button>
      ))}
    </div>
  )
}

const Section = ({ id, title, children }: { id: string; title: string; children: ReactNode }) => (
  <section className="section" aria-labelledby={`set-${id}`}>
    <h2 id={`set-${id}`}>{title}</h2>
    {children}
  </section>
)

/** `#/settings`, `#/settings/live`: opens at that section. */
export default function SettingsView() {
  useJump()
  const answers = useStore(trust, (state) => state.answers)
  return (
    <div className="column">
      <div className="toolbar">
        <h1>Settings</h1>
      </div>
      <div className="settings-body grow">
        <Jumps />
        <div className="scroll settings" tabIndex={0} aria-label="Settings">
          <Section id="trust" title="Trust: content of this workspace">
            <TrustSection />
          </Section>
          <Section id="version" title="MISP version">
            <VersionSection />
          </Section>
          <Section id="listener" title="Listener">
            <Listener key={answers} />
          </Section>
          <Section id="storage" title="Storage">
            <Storage key={answers} />
          </Section>
          <Section id="misp" title="Assumed MISP settings">
            <MispSettings />
          </Section>
          <Section id="live" title="Live services">
            <LiveServices key={answers} />
          </Section>
          <Section id="mocks" title="Mocks and recorded responses">
            <MocksSection />
          </Section>
          <Section id="modules" title="Custom modules">
            <CustomModules />
          </Section>
          <Section id="templates" title="Templates">
            <TemplateLimits key={answers} />
          </Section>
          <Section id="workspace" title="Workspace">
            <WorkspaceInfo />
          </Section>
          <Section id="look" title="Colours">
            <Colours />
          </Section>
        </div>
      </div>
    </div>
  )
}
