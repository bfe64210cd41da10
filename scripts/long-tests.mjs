// What `npm run test:long` runs: every test file whose size or number of rounds test/attack/scale.ts gives, those of the browser among them. The
// others are the same in `npm test`.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './lib.mjs'

const sized = /^import \{[^}]*\b(?:scale|repeat|sample|isLong)\b[^}]*\} from '[^']*\/scale\.ts'/m

/** Files below test/ that come in several sizes, with the path from the project's folder; browser tests are specs. */
export const sizedFiles = () =>
  readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .map((name) => join('test', name))
    .filter((file) => /\.tsx?$/.test(file) && sized.test(readFileSync(join(root, file), 'utf8')))
    .sort()

export const isSpec = (file) => file.endsWith('.spec.ts')
