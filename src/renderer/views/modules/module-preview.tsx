import type { ModuleDefinition } from '../../../contract/modules.ts'
import { Facts } from '../../components/list/preview.tsx'

/** What a module is for and what it takes. */
export function ModulePreview({ module: one, kind, uses }: { module: ModuleDefinition; kind: string; uses: number }) {
  return (
    <>
      <p className="section">{one.description}</p>
      <Facts
        rows={[
          ['ID', <span className="mono">{one.id}</span>],
          ['Type', `${one.module_type}, ${kind}${one.blocking ? ', blocking' : ''}`],
          ['Core format', one.expect_misp_core_format ? 'needed' : 'not needed'],
          ['Filters', one.support_filters ? 'yes' : 'no'],
          ['Outputs', one.outputs],
          ['Used in', uses === 0 ? 'no workflow here' : uses],
          ['Version', one.version]
        ]}
      />
      {one.params.length > 0 && (
        <div className="section">
          <h2>Parameters</h2>
          <ul className="preview-params">
            {one.params.map((param) => (
              <li key={param.id}>
                {typeof param['label'] === 'string' ? param['label'] : param.id}{' '}
                <span className="muted">{param.type}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  )
}
