// `retrace export`: a run as one JSON file; with --posts its posts as NDJSON, the exact bytes. Secrets are masked unless --secrets asks
// for them.
import { writeFile } from 'node:fs/promises'
import { encodePostLine } from '../host/capture/ndjson.ts'
import { buildRunFile } from '../host/capture/run-file.ts'
import { maskPost, sourceSecrets } from '../host/capture/mask.ts'
import { maskWorkflow } from '../host/worker/mask-value.ts'
import { asWriteError } from '../host/store/files.ts'
import { parseCommand } from './args.ts'
import { openCapture, readCapturedRun, workflowBehind } from './capture-workspace.ts'
import { findCommand } from './commands.ts'
import type { Command } from './context.ts'

export const exportCommand: Command = async (context) => {
  const kinds = { workspace: 'text', out: 'text', posts: 'flag', workflow: 'flag', secrets: 'flag' } as const
  const { options, words } = parseCommand(context.args, kinds, findCommand('export')?.usage ?? '', { min: 1, max: 1 })
  const session = await openCapture(context, options.workspace)
  try {
    const { run, posts: raw } = await readCapturedRun(session.capture, words[0] as string)
    const known = sourceSecrets(session.workspace.settings)
    const posts = options.secrets ? raw : raw.map((post) => maskPost(post, known))
    const behind = workflowBehind(session.workspace, run, raw).workflow
    const workflow = options.secrets ? behind : maskWorkflow(behind)
    const text = options.posts
      ? posts.map(encodePostLine).join('\n')
      : JSON.stringify(options.workflow ? { Workflow: workflow } : buildRunFile(run, posts, workflow), null, 1)
    if (options.out === undefined) context.print(text)
    else {
      await writeFile(options.out, `${text}\n`).catch((error: unknown) => {
        throw asWriteError(error, options.out!)
      })
      context.print(options.out)
    }
    return 0
  } finally {
    await session.close()
  }
}
