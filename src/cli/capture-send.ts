// `retrace send`: plays MISP. Posts of a file go to a debug endpoint, one connection each, in order.
import { CodedError } from '../contract/errors.ts'
import { readImport } from '../host/capture/import/source.ts'
import { firstOf, postsOf } from '../host/operations/import-posts.ts'
import { parseSendTarget, sendAll } from '../host/capture/listen/send.ts'
import type { RawPost } from '../host/capture/understand/ndjson.ts'
import { parseCommand, required } from './args.ts'
import type { Command } from './context.ts'
import { asFile, nameOf } from './input.ts'
import { createStyle, milliseconds, visible } from './style.ts'
import { plural, formatCount } from '../contract/words.ts'

export const sendCommand: Command = async ({ args, usage, print, complain, color }) => {
  const { options, words } = parseCommand(args, { to: 'text', speed: 'text' } as const, usage, { min: 1, max: 1 })
  const to = parseSendTarget(required(options.to, 'to', usage))
  const speed = options.speed === undefined ? 0 : Number(options.speed)
  if (!Number.isFinite(speed) || speed < 0)
    throw new CodedError('COMMAND_INVALID', `--speed takes a number, not “${options.speed}”.`)
  const file = words[0] as string
  const { green, red, dim } = createStyle(color)
  let failed = 0
  let sent = 0
  for await (const { number, target, status, ms } of sendAll(to, postsIn(file), speed)) {
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

/** Whatever `import` finds posts in. */
async function* postsIn(given: string): AsyncGenerator<RawPost> {
  const { file, remove } = await asFile(given, 'posts')
  try {
    const batches = readImport(file, nameOf(given))
    const first = await firstOf(batches)
    if (first.kind === 'log')
      throw new CodedError(
        'INPUT_WRONG_TYPE',
        `${nameOf(given)} is a log of MISP, which holds no posts. send takes posts (as \`export RUN --posts\` writes them), a captured run or requests that another tool kept.`,
        { file: nameOf(given) }
      )
    yield* postsOf(first.posts, batches)
  } finally {
    remove()
  }
}
