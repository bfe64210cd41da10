// `retrace send`: plays MISP. Posts of a file go to a debug endpoint, one connection each, in order.
import { CodedError } from '../contract/errors.ts'
import { postsOfFile } from '../host/capture/import/file.ts'
import { decodeJson } from '../engine/php/decode.ts'
import { parsePostLine, type RawPost } from '../host/capture/understand/ndjson.ts'
import { isRunFile, postsOfRunFile } from '../host/capture/derive/run-file.ts'
import { parseSendTarget, sendAll } from '../host/capture/listen/send.ts'
import { isRegular, readGiven } from '../host/store/given-file.ts'
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
  const isFile = isRegular(file)
  if (isFile && !file.endsWith('.json')) return postsOfFile(file)
  const text = (await readGiven(file)).toString('utf8')
  if (isFile && !text.includes('"retrace-captured-run"')) return postsOfFile(file)
  const posts = text.includes('"retrace-captured-run"') ? postsOfText(text, file) : postsOfLines(text, file)
  return (async function* () {
    yield* posts
  })()
}

function postsOfText(text: string, file: string): readonly RawPost[] {
  const json = decodeJson(text, { name: file })
  if (!isRunFile(json)) throw new CodedError('INPUT_WRONG_TYPE', `${file} is not a captured run.`, { file })
  return postsOfRunFile(json, file)
}

/** Of a pipe. */
function* postsOfLines(text: string, file: string): Generator<RawPost> {
  for (const [i, line] of text.split('\n').entries()) if (line.trim() !== '') yield parsePostLine(line, file, i + 1)
}
