// `retrace send`: plays MISP. Posts of a file go to a debug endpoint, one connection each, in order.
import { CodedError } from '../contract/errors.ts'
import { readFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { postsOfFile } from '../host/capture/import-file.ts'
import type { RawPost } from '../host/capture/ndjson.ts'
import { isRunFile, postsOfRunFile } from '../host/capture/run-file.ts'
import { parseSendTarget, sendAll } from '../host/capture/send.ts'
import { parseCommand, required } from './args.ts'
import { findCommand } from './commands.ts'
import type { Command } from './context.ts'
import { createStyle, milliseconds, visible } from './style.ts'
import { plural, formatCount } from '../contract/words.ts'

export const sendCommand: Command = async ({ args, print, complain, color }) => {
  const usage = findCommand('send')?.usage ?? ''
  const { options, words } = parseCommand(args, { to: 'text', speed: 'text' } as const, usage, { min: 1, max: 1 })
  const to = parseSendTarget(required(options.to, 'to', usage))
  const speed = options.speed === undefined ? 0 : Number(options.speed)
  if (Number.isNaN(speed) || speed < 0)
    throw new CodedError('COMMAND_INVALID', `--speed takes a number, not “${options.speed}”.`)
  const file = words[0] as string
  if (!existsSync(file)) throw new CodedError('FILE_NOT_FOUND', `${file} does not exist.`, { file })
  const { green, red, dim } = createStyle(color)
  let failed = 0
  let sent = 0
  for await (const { number, target, status, ms } of sendAll(to, await postsOf(file), speed)) {
    sent++
    const good = status >= 200 && status < 300
    if (!good) failed++
    const text = `${status === 0 ? red('no response') : good ? green(String(status)) : red(String(status))} ${dim(`#${number}`)} ${visible(target)} ${dim(milliseconds(ms))}`
    if (good) print(text)
    else complain(text)
  }
  print(`${plural(sent, 'post')} sent, ${formatCount(failed)} failed`)
  return failed > 0 ? 2 : 0
}

async function postsOf(file: string): Promise<AsyncIterable<RawPost>> {
  const text = file.endsWith('.json') ? await readFile(file, 'utf8') : ''
  if (!text.includes('"retrace-captured-run"')) return postsOfFile(file)
  const json: unknown = JSON.parse(text)
  const posts = isRunFile(json) ? postsOfRunFile(json, file) : []
  return (async function* () {
    yield* posts
  })()
}
