// `retrace trust`: what came with a workspace and would send, open, delete or run something. All of it is off until somebody allows it, here or in
// the app. While the app has the workspace open it is the app that is asked, so that what is allowed holds at once.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CodedError } from '../contract/errors.ts'
import type { TrustItem } from '../contract/trust.ts'
import { defaultWorkspace } from '../host/user-folder.ts'
import { parseCommand } from './args.ts'
import type { Command } from './context.ts'
import { exitStatus } from './context.ts'
import { createStyle, visible } from './style.ts'
import { withHost } from './workspace-host.ts'

const why: Readonly<Record<NonNullable<TrustItem['reason']>, string>> = {
  came: 'not set here',
  changed: 'changed since it was allowed',
  moved: 'allowed in another folder'
}

export const trustCommand: Command = async (context) => {
  const { print, complain, color } = context
  const kinds = { workspace: 'text', yes: 'flag', json: 'flag' } as const
  const { options, words } = parseCommand(context.args, kinds, context.usage, { min: 0, max: 1 })
  const at = words[0] ?? options.workspace ?? defaultWorkspace()
  if (!existsSync(join(at, 'catalogue.json')) && !existsSync(join(at, 'modules')))
    throw new CodedError('WORKSPACE_NOT_FOUND', `There is no workspace in ${at}.`, { file: at })
  const about = { looks: !options.yes, tells: 'all' } as const
  const { folder, writable, asked, items, waiting } = await withHost(context, at, about, async (host) => {
    const { folder, writable } = await host.ask('workspace.info', {})
    const before = await host.ask('trust.list', {})
    const asked = before.items.filter(({ state }) => state !== 'allowed')
    const choices = asked.map(({ key, hash }) => ({ key, hash }))
    const after = options.yes ? await host.ask('trust.allow', { items: choices }) : before
    return { folder, writable, asked, ...after }
  })
  if (options.json) print(JSON.stringify({ folder, items, waiting }, null, 2))
  else show(items, print, color)
  if (options.yes && asked.length > 0 && !writable)
    complain('note a running Retrace has the workspace open; changes take effect when it is restarted')
  return exitStatus.success
}

function show(items: readonly TrustItem[], print: (line: string) => void, color: boolean): void {
  const { green, yellow, dim } = createStyle(color)
  if (items.length === 0) print('Nothing in this workspace would send, open, delete or run anything on its own.')
  for (const { kind, text, state, reason } of items) {
    const mark = state === 'allowed' ? green('allowed') : yellow('off    ')
    print(`${mark} ${kind.padEnd(7)} ${visible(text)}${reason === null ? '' : dim(` (${why[reason]})`)}`)
  }
  if (items.some(({ state }) => state !== 'allowed')) print(dim('--yes allows what is off.'))
}
