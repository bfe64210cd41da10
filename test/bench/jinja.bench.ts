// A 200-line mail over generated events: this engine and, where python3 has jinja2, Python's own, in the same run.
// `npm run bench -- jinja [--quick]`. Times are printed, never asserted.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Json } from '../../src/contract/json.ts'
import { compileTemplate, renderTemplate } from '../../src/engine/jinja/render.ts'
import { eventText } from './event.ts'
import template from './mail.j2?raw'

const sizes = process.argv.includes('--quick') ? [1_000, 10_000] : [100, 1_000, 10_000]
const rounds = 7

const python = `
import json, sys, time, hashlib
from jinja2.sandbox import SandboxedEnvironment
template = open(sys.argv[1], encoding='utf-8').read()
out = []
for name in sys.argv[2:]:
    data = json.load(open(name, encoding='utf-8'))
    program = SandboxedEnvironment().from_string(template)
    times = []
    for _ in range(${rounds}):
        start = time.perf_counter()
        text = program.render(data)
        times.append((time.perf_counter() - start) * 1000)
    out.append({'ms': sorted(times)[len(times) // 2], 'sha': hashlib.sha256(text.encode()).hexdigest()})
json.dump(out, sys.stdout)
`

interface Measured {
  readonly ms: number
  readonly sha: string
}

const sha = (text: string): string => createHash('sha256').update(text).digest('hex')

function measure(data: Json): Measured & { first: number } {
  const times: number[] = []
  let text = ''
  for (let round = 0; round < rounds; round++) {
    const start = performance.now()
    const result = renderTemplate(template, data, { clock: () => performance.now() })
    times.push(performance.now() - start)
    if (result.error !== undefined) throw new Error(`${result.error.type}: ${result.error.message}`)
    text = result.output
  }
  const first = times[0] ?? 0
  return { ms: times.sort((a, b) => a - b)[rounds >> 1] ?? 0, sha: sha(text), first }
}

function runPython(files: readonly string[], templateFile: string): Measured[] | null {
  for (const command of ['python3', '/usr/bin/python3']) {
    const run = spawnSync(command, ['-c', python, templateFile, ...files], { encoding: 'utf8', maxBuffer: 1 << 26 })
    if (run.status === 0) return JSON.parse(run.stdout) as Measured[]
  }
  return null
}

const folder = mkdtempSync(join(tmpdir(), 'retrace-jinja-'))
try {
  const templateFile = join(folder, 'mail.j2')
  writeFileSync(templateFile, template)
  const texts = sizes.map((size) => eventText(size))
  const files = texts.map((text, index) => {
    const file = join(folder, `${index}.json`)
    writeFileSync(file, text)
    return file
  })
  const start = performance.now()
  compileTemplate(template)
  console.log(`compile ${template.split('\n').length - 1} lines: ${(performance.now() - start).toFixed(1)} ms`)
  const theirs = runPython(files, templateFile)
  if (theirs === null) console.log('python3 with jinja2 is not here: no comparison')
  sizes.forEach((size, index) => {
    const ours = measure(JSON.parse(texts[index] ?? '{}') as Json)
    const other = theirs?.[index]
    const compared =
      other === undefined
        ? ''
        : `, Python ${other.ms.toFixed(1)} ms: ${(other.ms / ours.ms).toFixed(1)} times as fast, ` +
          (other.sha === ours.sha ? 'same text' : 'TEXT DIFFERS')
    console.log(`${size} attributes: ${ours.ms.toFixed(1)} ms (first ${ours.first.toFixed(1)} ms)${compared}`)
  })
} finally {
  rmSync(folder, { recursive: true, force: true })
}
