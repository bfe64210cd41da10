// The arrows of the design: main, server, cli -> host -> engine -> contract; renderer -> contract, engine (never modules/impls);
// preload -> contract. Nothing else.
const layer = (name, may) => ({
  name: `layer-${name}`,
  severity: 'error',
  from: { path: `^src/${name}/` },
  to: { path: '^src/', pathNot: `^src/(${[name, ...may].join('|')})/` }
})

module.exports = {
  forbidden: [
    layer('contract', []),
    layer('engine', ['contract']),
    layer('host', ['engine', 'contract']),
    layer('main', ['host', 'engine', 'contract']),
    layer('server', ['host', 'engine', 'contract']),
    // `retrace serve` starts the browser host.
    layer('cli', ['host', 'engine', 'contract', 'server']),
    layer('preload', ['contract']),
    layer('renderer', ['engine', 'contract']),
    {
      name: 'renderer-never-impls',
      comment: 'The window describes modules from their definitions; it never loads what executes them.',
      severity: 'error',
      from: { path: '^src/renderer/' },
      to: { path: '^src/engine/modules/impls' }
    },
    {
      name: 'pure-layers',
      comment: 'Engine and contract run anywhere: no Node, no package but zod (contract).',
      severity: 'error',
      from: { path: '^src/(engine|contract)/' },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev'], pathNot: 'node_modules/zod/' }
    },
    {
      name: 'electron-only-in-shell',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(main|preload)/' },
      to: { path: '^(electron|node_modules/electron)(/|$)' }
    },
    {
      name: 'no-react-in-stores',
      severity: 'error',
      from: { path: '^src/renderer/(stores|client)/' },
      to: { path: 'node_modules/(react|react-dom|@mantine)/|^src/renderer/(views|components)/' }
    },
    // A table that loads its entries when they are called is no cycle.
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only', 'dynamic-import'] } }
    },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '^electron$' } }
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types']
    }
  }
}
