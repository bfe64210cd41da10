// The arrows of the design: main, server, cli -> host -> engine -> contract; renderer -> contract, engine (never an execute.ts);
// preload -> contract. Nothing else.
const layer = (name, may) => ({
  name: `layer-${name}`,
  severity: 'error',
  from: { path: `^src/${name}/` },
  to: { path: '^src/', pathNot: `^src/(${[name, ...may].join('|')})/` }
})

// The folders of the engine, low to high; the two of a row do not import each other. Each imports those of lower rows only. Jinja imports
// php only; any folder may import jinja and profiles.
const engineRows = [
  ['php'],
  ['hash'],
  ['format', 'effects'],
  ['conditions'],
  ['world'],
  ['modules'],
  ['graph'],
  ['check'],
  ['run'],
  ['replay'],
  ['case']
]
const engineFolder = (name, may) => ({
  name: `engine-${name}`,
  severity: 'error',
  from: { path: `^src/engine/${name}/` },
  to: { path: '^src/engine/', pathNot: `^src/engine/(${[name, ...may].join('|')})/` }
})

// Inside of the template language, low to high; what stands beside the folders is what others call.
const jinjaRows = ['data', 'python', 'syntax', 'runtime', 'filters', 'compile']
const jinjaFolder = (name, level) => ({
  name: `jinja-${name}`,
  severity: 'error',
  from: { path: `^src/engine/jinja/${name}/` },
  to: { path: '^src/engine/jinja/', pathNot: `^src/engine/jinja/(${jinjaRows.slice(0, level + 1).join('|')})/` }
})

module.exports = {
  forbidden: [
    ...jinjaRows.map(jinjaFolder),
    ...engineRows.flatMap((row, level) =>
      row.map((name) =>
        engineFolder(name, [...engineRows.slice(0, level).flat(), ...(level > 0 ? ['jinja'] : []), 'profiles'])
      )
    ),
    engineFolder('jinja', ['php', 'profiles']),
    engineFolder('profiles', []),
    {
      name: 'engine-in-folders',
      comment: 'Every file of the engine stands in one of its folders, so that the rules above speak of it.',
      severity: 'error',
      from: {},
      to: { path: '^src/engine/[^/]+\\.ts$' }
    },
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
      to: { path: '^src/engine/modules/(.*/execute|implementations)\\.ts$|^src/engine/modules/shared/' }
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
      to: { path: 'node_modules/(react|react-dom)/|^src/renderer/(views|components|hooks|step|routes)/' }
    },
    {
      name: 'view-never-view',
      comment:
        'Views know nothing of each other: what two of them need stands in components, step, hooks or stores; routes put them together.',
      severity: 'error',
      from: { path: '^src/renderer/views/([^/]+)/' },
      to: { path: '^src/renderer/views/', pathNot: '^src/renderer/views/$1/' }
    },
    {
      name: 'parts-never-views',
      severity: 'error',
      from: { path: '^src/renderer/(components|step|hooks)/' },
      to: { path: '^src/renderer/(views|routes)/' }
    },
    // Types too: two files that need each other's types belong together, or have a third one below them. A table that loads its
    // entries when they are called is no cycle.
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['dynamic-import'] } }
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
