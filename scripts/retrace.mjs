#!/usr/bin/env node
// The command line. Builds itself when out/node is missing or older than its sources; otherwise it only loads it.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensureBuilt, root, version } from './lib.mjs'

// An installed package has no sources beside it.
if (existsSync(join(root, 'src')) && existsSync(join(root, 'node_modules', 'vite'))) {
  await ensureBuilt(['node'], (text) => console.error(text))
}
const { main } = await import(pathToFileURL(join(root, 'out', 'node', 'cli.mjs')))
// Not process.exit: what was printed into a pipe must arrive whole.
process.exitCode = await main(process.argv.slice(2), { root, version: version() })
