// `retrace trust`: what came with a workspace and would send, open, delete or run something. All of it is off until somebody allows it, here or in the app.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CodedError } from '../contract/errors.ts'
import type { TrustItem } from '../contract/trust.ts'
import { Workspace } from '../host/store/workspace.ts'
import { Trust } from '../host/trust/trust.ts'
import { userFolder } from '../host/user-folder.ts'
import { parseCommand } from './args.ts'
import type { Command } from './context.ts'
import { exitStatus } from './context.ts'
import { defaultWorkspace } from './default-workspace.ts'
import { createStyle, visible } from './style.ts'

const why: Readonly<Record<NonNullable<TrustItem['reason']>, string>> = {
  came: 'not set here',
  changed: 'another one than was allowed',
  moved: 'allowed in another folder'
}

export const trustCommand: Command = async ({ args, print, complain, color, root, usage }) => {
  const kinds = { workspace: 'text', yes: 'flag', json: 'flag' } as const
  const { options, words } = parseCommand(args, kinds, usage, { min: 0, max: 1 })
  const folder = words[0] ?? options.workspace ?? defaultWorkspace(root)
  if (!existsSync(join(folder, 'catalogue.json')) && !existsSync(join(folder, 'modules')))
    throw new CodedError('WORKSPACE_NOT_FOUND', `There is no workspace in ${folder}.`, { file: folder })
  const workspace = await Workspace.open(folder)
  try {
    for (const { message } of workspace.problems) complain(`note ${visible(message)}`)
    const trust = new Trust(workspace, userFolder())
    const before = await trust.state()
    const asked = before.items.filter(({ state }) => state !== 'allowed')
    const { items, waiting } = options.yes ? await trust.decide(asked, 'allowed') : before
    if (options.json) print(JSON.stringify({ folder: workspace.folder, items, waiting }, null, 2))
    else show(items, print, color)
    if (options.yes && asked.length > 0 && !workspace.writable)
      complain('note a Retrace has the workspace open; it listens and sends as it did until it is started again')
    return exitStatus.success
  } finally {
    await workspace.close()
  }
}

function show(items: readonly TrustItem[], print: (line: string) => void, color: boolean): void {
  const { green, yellow, dim } = createStyle(color)
  if (items.length === 0) print('Nothing in this workspace would send, open, delete or run anything by itself.')
  for (const { kind, text, state, reason } of items) {
    const mark = state === 'allowed' ? green('allowed') : yellow('off    ')
    print(`${mark} ${kind.padEnd(7)} ${visible(text)}${reason === null ? '' : dim(` (${why[reason]})`)}`)
  }
  if (items.some(({ state }) => state !== 'allowed')) print(dim('--yes allows what is off.'))
}
