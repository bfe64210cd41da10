// `npm run docs` makes the documentation's site in out/docs: generated pages first, then every link is checked. `-- --dev` shows it while
// pages are written, `-- --serve` shows what was built, `-- --as-is` takes the generated pages as they are.
import { join } from 'node:path'
import { build, createServer, serve } from 'vitepress'
import { root } from './lib.mjs'
import { problemsOf } from './docs-links.mjs'
import { makeDocs } from './make-docs.mjs'

const docs = join(root, 'docs')
const out = join(root, 'out', 'docs')
const asked = new Set(process.argv.slice(2))
const unknown = [...asked].filter((arg) => !['--dev', '--serve', '--as-is'].includes(arg))
if (unknown.length > 0) {
  console.error(`error unknown option ${unknown.join(', ')}; there are --dev, --serve and --as-is`)
  process.exit(3)
}

if (asked.has('--dev')) {
  const server = await createServer(docs, { host: '127.0.0.1' })
  await server.listen()
  server.printUrls()
} else if (asked.has('--serve')) {
  await serve({ base: process.env.DOCS_BASE, root: docs })
} else {
  if (!asked.has('--as-is')) await makeDocs(console.log)
  await build(docs)
  const { pages, links, problems } = problemsOf(out, process.env.DOCS_BASE ?? '/')
  for (const problem of problems) console.error(`error ${problem}`)
  console.log(`docs: ${pages} pages, ${links} links, ${problems.length} problems, in out/docs`)
  process.exitCode = problems.length > 0 ? 1 : 0
}
