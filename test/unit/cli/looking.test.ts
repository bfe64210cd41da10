// Commands that only look make nothing: no workspace where there is none, whether it is the person's own or a folder that was named.
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolders } from '../host/temporary.ts'
import { retraceIn } from './here.ts'

const folder = temporaryFolders()

const looks: readonly (readonly [string, number, RegExp])[] = [
  ['runs', 0, /^0 runs$/],
  ['runs --json', 0, /^\[\]$/],
  ['find anything', 1, /^No run has it\.$/],
  ['show 1', 3, /^error RUN_NOT_FOUND: /],
  ['why 1', 3, /^error RUN_NOT_FOUND: /],
  ['blame 1 Event', 3, /^error RUN_NOT_FOUND: /],
  ['diff 1 2', 3, /^error RUN_NOT_FOUND: /],
  ['again 1', 3, /^error RUN_NOT_FOUND: /],
  ['export 1', 3, /^error RUN_NOT_FOUND: /],
  ['case 1 --out 1.case.json', 3, /^error RUN_NOT_FOUND: /],
  ['verify --all', 0, /^0 runs: /],
  ['verify --accepted', 0, /^0 accepted/],
  ['blueprints', 0, /^0 blueprints$/],
  ['profile', 0, /^workspace {2}MISP /],
  ['modules', 0, /^trigger \(\d+\)/],
  ['trust', 3, /^error WORKSPACE_NOT_FOUND: /]
]

describe.each(['the home of a person without a workspace', 'an empty folder that is named'])(
  'in %s',
  { timeout: 120_000 },
  (where) => {
    it.each(looks)('retrace %s makes nothing', async (command, status, said) => {
      const home = folder()
      mkdirSync(join(home, 'empty'))
      const named = where.startsWith('an') && command !== 'trust' ? ['--workspace', join(home, 'empty')] : []
      const env = { RETRACE_USER_FOLDER: join(home, 'user'), RETRACE_WORKSPACE: '' }
      const ended = await retraceIn({ cwd: home, env }, ...command.split(' '), ...named)
      expect(ended).toMatchObject({ status })
      expect((ended.out + ended.err).trimEnd()).toMatch(said)
      expect(readdirSync(home, { recursive: true })).toEqual(['empty'])
    })
  }
)

it.skipIf(process.platform !== 'linux')('a workspace where nothing can be made is refused with a code', async () => {
  const commands = ['listen', 'serve --no-open', 'new workspace', 'import examples/posts.ndjson']
  for (const command of commands) {
    const at = command.startsWith('new') ? ['/proc/retrace'] : ['--workspace', '/proc/retrace']
    const { status, err } = await retraceIn({}, ...command.split(' '), ...at)
    expect([command, status, err]).toEqual([
      command,
      5,
      'error STORE_WRITE_FAILED: The workspace folder cannot be created: nothing can be created there.\n'
    ])
  }
})
