import { expect, it } from 'vitest'
// @ts-expect-error a script of the build, without types
import { withFirstView } from '../../../scripts/first-view.mjs'

const chunk = (name: string, imports: readonly string[], more: object = {}) => ({ fileName: name, imports, ...more })
const bundle = Object.fromEntries(
  [
    chunk('index.js', ['words.js'], { viteMetadata: { importedCss: new Set(['index.css']) } }),
    chunk('words.js', []),
    chunk('runs.js', ['words.js', 'list.js', 'index.js'], { facadeModuleId: '/src/routes/runs.tsx' }),
    chunk('list.js', ['row.js'], { viteMetadata: { importedCss: new Set(['list.css']) } }),
    chunk('row.js', []),
    chunk('world.js', [])
  ].map((one) => [one.fileName, one])
)
const page =
  '<head>\n<script src="./index.js"></script>\n<link href="./words.js">\n<link href="./index.css">\n  </head>'

it('the page asks at once for all that its first view needs, each once', () => {
  const html = (withFirstView as (html: string, bundle: object, view: string) => string)(
    page,
    bundle,
    '/routes/runs.tsx'
  )
  const asked = [...html.matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map(([, name]) => name)
  expect(asked.sort()).toEqual(['index.css', 'index.js', 'list.css', 'list.js', 'row.js', 'runs.js', 'words.js'])
})
