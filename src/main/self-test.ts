// `--self-test`: opens the window on a workspace that goes again, runs a demonstration, looks at what keeps the page in, prints a report, exits.
// Wherever Electron's program is, it says whether the app works there. Electron is stood in for by tests.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Json } from '../contract/json.ts'
import type { RunDetail } from '../contract/run-views.ts'
import { CodedError } from '../contract/errors.ts'
import type { Answer } from '../contract/wire.ts'
import { bridgeKey } from '../contract/wire.ts'
import { findResource } from '../host/resources.ts'

export const isSelfTest = (args: readonly string[]): boolean => args.includes('--self-test')

/** Nothing of the person's own is opened or written. Answers how to remove it. */
export function useOwnFolder(
  env: NodeJS.ProcessEnv,
  app: { setPath(name: 'userData', path: string): void }
): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'retrace-self-test-'))
  env.RETRACE_USER_FOLDER = join(folder, 'user')
  env.RETRACE_WORKSPACE = join(folder, 'workspace')
  app.setPath('userData', join(folder, 'electron'))
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
}

interface TestedContents {
  executeJavaScript(code: string): Promise<unknown>
  getURL(): string
  isLoading(): boolean
}

export interface Tested {
  readonly window: { readonly webContents: TestedContents; isVisible(): boolean }
  readonly commandLine: { hasSwitch(name: string): boolean }
  /** Of the app's processes; `sandboxed` is told on macOS and Windows only. */
  readonly processes: readonly { readonly type: string; readonly sandboxed?: boolean | undefined }[]
  readonly call: (name: 'run.start' | 'runs.get', params: object) => Promise<Answer<unknown>>
  readonly origin: string
  /** Chromium refuses its sandbox to root. */
  readonly isRoot: boolean
}

interface Finding {
  readonly what: string
  readonly isRight: boolean
  readonly found: string
}

const patienceMs = 60_000

async function until<T>(look: () => Promise<T | null> | T | null): Promise<T> {
  const end = performance.now() + patienceMs
  for (;;) {
    const found = await look()
    if (found !== null) return found
    if (performance.now() > end) throw new Error(`nothing after ${patienceMs / 1000} s`)
    await pause(50)
  }
}

/** What the page sees of the world around it. */
const page = `({
  heading: document.querySelector('h1, [role=main], main')?.textContent?.trim().slice(0, 80) ?? '',
  origin: location.origin,
  node: [typeof require, typeof process, typeof module, typeof Buffer].join(),
  bridge: Object.keys(globalThis[${JSON.stringify(bridgeKey)}] ?? {}).sort().join()
})`

async function lookAtPage({ window, origin }: Tested): Promise<readonly Finding[]> {
  const contents = window.webContents
  await until(() => (contents.isLoading() ? null : true))
  const seen = (await until(async () => {
    const now = (await contents.executeJavaScript(page)) as Record<string, string>
    return now['heading'] === '' ? null : now
  })) as Record<'heading' | 'origin' | 'node' | 'bridge', string>
  return [
    { what: 'the window shows the app', isRight: window.isVisible(), found: seen.heading },
    { what: 'the page has a separate origin', isRight: seen.origin === origin, found: seen.origin },
    {
      what: 'the page has nothing of Node',
      isRight: seen.node === 'undefined,undefined,undefined,undefined',
      found: seen.node
    },
    {
      what: 'the page has the bridge and nothing more',
      isRight: seen.bridge === 'listen,onCommand,platform,post,upload',
      found: seen.bridge
    }
  ]
}

function lookAtSandbox({ commandLine, processes, isRoot }: Tested): readonly Finding[] {
  const isOff = commandLine.hasSwitch('no-sandbox')
  const outside = processes.filter(({ type, sandboxed }) => type === 'Tab' && sandboxed === false).length
  return [
    {
      what: 'Chromium’s sandbox is on',
      isRight: (!isOff && outside === 0) || isRoot,
      found: isOff ? (isRoot ? 'off, for it runs as root' : 'off') : outside === 0 ? 'on' : `not for ${outside} pages`
    },
    ...['disable-web-security', 'remote-debugging-port', 'inspect'].map((name) => ({
      what: `--${name} is not given`,
      isRight: !commandLine.hasSwitch(name),
      found: commandLine.hasSwitch(name) ? 'given' : 'not given'
    }))
  ]
}

const read = (...names: readonly string[]): Json => {
  const file = findResource('workspaces', 'publish-guard', ...names)
  if (file === null) throw new Error('the demonstration is not there')
  return JSON.parse(readFileSync(file, 'utf8')) as Json
}

async function ask<T>({ call }: Tested, name: Parameters<Tested['call']>[0], params: object): Promise<T> {
  const answer = await call(name, params)
  if (!answer.ok) throw new CodedError(answer.error.code, answer.error.message, answer.error.details)
  return answer.data as T
}

/** The demonstration that blocks a publish. */
async function runDemonstration(tested: Tested): Promise<readonly Finding[]> {
  const { workflow } = read('workflows', 'publish-guard', '1.json') as { readonly workflow: Json }
  const data = read('data', 'event-tlp-red.json')
  const { runId } = await ask<{ runId: string }>(tested, 'run.start', {
    workflow: { json: workflow },
    data: { json: data }
  })
  const { summary } = await until(async () => {
    const detail = await ask<RunDetail>(tested, 'runs.get', { runId })
    return detail.summary.state === 'done' ? detail : null
  })
  return [{ what: 'the demonstration blocks', isRight: summary.outcome === 'blocked', found: String(summary.outcome) }]
}

/** Prints a line for each thing that was looked at. Resolves to the exit status: 0, or 1 when something is wrong. */
export async function selfTest(tested: Tested, print: (line: string) => void): Promise<0 | 1> {
  let failed = 0
  let passed = 0
  for (const [name, part] of [
    ['page', lookAtPage],
    ['sandbox', (one: Tested) => Promise.resolve(lookAtSandbox(one))],
    ['demonstration', runDemonstration]
  ] as const) {
    let findings: readonly Finding[]
    try {
      findings = await part(tested)
    } catch (error) {
      findings = [{ what: name, isRight: false, found: error instanceof Error ? error.message : String(error) }]
    }
    for (const { what, isRight, found } of findings) {
      if (isRight) passed++
      else failed++
      print(`${isRight ? 'ok  ' : 'FAIL'} ${what}: ${found}`)
    }
  }
  print(`self-test: ${passed} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
}
