// The table of commands. A new one is one line here and one file; files are loaded when their command is called, so that the start stays fast.
import type { Command } from './context.ts'

export interface CommandEntry {
  readonly name: string
  /** As shown after `retrace`. */
  readonly usage: string
  /** One line. */
  readonly summary: string
  readonly load: () => Promise<Command>
}

const environment = '[--world D] [--settings F] [--misp-defaults] [--mocks F]'

export const commands: readonly CommandEntry[] = [
  {
    name: 'run',
    usage: `run WORKFLOW --data F [--index WHICH] [--pick WHICH] [--as TRIGGER] [--raw] ${environment} [--cascade N] [--workspace D] [--profile P] [--user ID] [--now ISO] [--crash] [--as-is] [--effects record|mock|recorded|live] [--mock F] [--answers F] [--modules D] [--allow HOST]… [--limit NAME=N]… [--yes] [--keep] [--secrets] [--json] [--posts F]`,
    summary: 'Run a workflow on data and show its steps; --keep keeps the run in the workspace.',
    load: async () => (await import('./run.ts')).runCommand
  },
  {
    name: 'again',
    usage: 'again RUN [--todays-world] [--workspace D] [--keep] [--secrets] [--json] [--posts F]',
    summary: 'Run a run of Retrace once more, from its file alone or with today’s world; nothing is sent.',
    load: async () => (await import('./again.ts')).againCommand
  },
  {
    name: 'module',
    usage: `module ID --params F --data F [--index WHICH] [--raw] [--filters F] [--convert] ${environment} [--cascade N] [--profile P] [--user ID] [--now ISO] [--crash] [--effects record|mock|recorded|live] [--mock F] [--answers F] [--modules D] [--allow HOST]… [--limit NAME=N]… [--workspace D] [--yes] [--keep] [--secrets] [--json]`,
    summary: 'Run one module alone; --keep keeps it as a run of the workspace.',
    load: async () => (await import('./module.ts')).moduleCommand
  },
  {
    name: 'check',
    usage:
      'check WORKFLOW|FILE|DIR… [--format human|json|sarif] [--strict] [--pick WHICH] [--world D] [--settings F] [--misp-defaults] [--profile P] [--workspace D] [--json]',
    summary:
      'List what MISP refuses and warns about in workflows and blueprints, and what cannot work; status 1 where there are errors, with --strict also for warnings. A `.retrace.json` says what is accepted, and why.',
    load: async () => (await import('./check.ts')).checkCommand
  },
  {
    name: 'hash',
    usage: 'hash extract|get PATH --data F [--explain] [--workspace D]',
    summary: 'Follow a hash path through data.',
    load: async () => (await import('./hash.ts')).hashCommand
  },
  {
    name: 'normalize',
    usage: 'normalize TRIGGER --data F [--index WHICH] [--raw] [--world D] [--profile P] [--workspace D]',
    summary: 'Show the data as a trigger passes it to the first node.',
    load: async () => (await import('./normalize.ts')).normalizeCommand
  },
  {
    name: 'template',
    usage: 'template F --data F [--limit NAME=N]… [--workspace D]',
    summary: 'Render a Jinja template as misp-modules does.',
    load: async () => (await import('./template.ts')).templateCommand
  },
  {
    name: 'modules',
    usage: 'modules [ID] [--profile P] [--workspace D] [--json]',
    summary: 'List the modules of MISP, or show one.',
    load: async () => (await import('./modules.ts')).modulesCommand
  },
  {
    name: 'blueprints',
    usage: 'blueprints [FILE|FOLDER]… [--pick WHICH] [--workspace D] [--force] [--json]',
    summary: 'Import blueprints if given, then list those of a workspace; --force overwrites newer versions.',
    load: async () => (await import('./blueprints.ts')).blueprintsCommand
  },
  {
    name: 'listen',
    usage: 'listen [--host H] [--port N] [--workspace D] [--secret S]',
    summary: 'Receive MISP’s debug posts.',
    load: async () => (await import('./capture-listen.ts')).listenCommand
  },
  {
    name: 'import',
    usage: 'import FILE [--workspace D] [--graph WORKFLOW]… [--trigger T] [--as version|copy] [--pick WHICH] [--json]',
    summary:
      'Import captured posts or MISP’s workflow log as runs, or a workflow into a workspace (--as: what becomes of one that is there already; --trigger: of posts that come without the path they were sent to).',
    load: async () => (await import('./capture-import.ts')).importCommand
  },
  {
    name: 'runs',
    usage: 'runs [--workspace D] [--json]',
    summary: 'List the runs of a workspace.',
    load: async () => (await import('./capture-runs.ts')).runsCommand
  },
  {
    name: 'show',
    usage: 'show RUN [--step N | --watch PATH…] [--workspace D] [--secrets] [--json]',
    summary: 'Show a run step by step; --watch with what hash paths find after each.',
    load: async () => (await import('./capture-show.ts')).showCommand
  },
  {
    name: 'why',
    usage: 'why RUN [--node N | --step N] [--workspace D] [--json]',
    summary: 'Say why a run ended as it did, why a node or step came out as it did, or why a node was not reached.',
    load: async () => (await import('./why.ts')).whyCommand
  },
  {
    name: 'blame',
    usage: 'blame RUN PATH [--step N] [--workspace D] [--json]',
    summary: 'List the steps that set a value, newest first, back to the input.',
    load: async () => (await import('./why.ts')).blameCommand
  },
  {
    name: 'find',
    usage:
      'find TEXT | --key TEXT | --path P [--operator O] [--value V]… [--run RUN]… [--match-case] [--workspace D] [--json]',
    summary: 'Find the runs where a text, a key or a condition appears, and the step that it first appears at.',
    load: async () => (await import('./find.ts')).findCommand
  },
  {
    name: 'diff',
    usage: 'diff RUN RUN [--workspace D] [--json]',
    summary: 'Compare two runs step by step; status 0 where nothing differs, 1 where something does.',
    load: async () => (await import('./diff.ts')).diffCommand
  },
  {
    name: 'verify',
    usage:
      'verify RUN…|--all|--accepted|--take-back ID… [--workflow F] [--profile P] [--accept REASON [--until DAY] [--for run|workflow]] [--reporter human|junit] [--workspace D] [--json]',
    summary:
      'Run captured runs offline and tell whether that gives what MISP posted; status 1 where one differs, 4 where nobody can tell. --accepted lists the differences that were accepted, --take-back takes one back.',
    load: async () => (await import('./verify.ts')).verifyCommand
  },
  {
    name: 'case',
    usage:
      'case RUN --out F [--expect outcome,message,path,effects,changes,PATH]… [--name TEXT] [--workflow-file F | --by-name] [--workspace D] [--json]',
    summary:
      'Keep a run as a case that `retrace test` runs: one file with its input, the part of the world that it reads, its answers, and what is expected of it.',
    load: async () => (await import('./case.ts')).caseCommand
  },
  {
    name: 'test',
    usage:
      'test [FILE|DIR]… [--reporter human|json|junit|tap] [--watch] [--update] [--filter TEXT] [--bail] [--profile P] [--workspace D] [--json]',
    summary:
      'Run cases (without a folder those of the workspace) and say what differs from what is expected, and from which step on; status 1 where one does not pass, 3 where there is none.',
    load: async () => (await import('./test.ts')).testCommand
  },
  {
    name: 'export',
    usage: 'export RUN [--out F] [--workspace D] [--posts] [--workflow] [--secrets]',
    summary: 'Export a captured run as a file, as posts, or as a workflow.',
    load: async () => (await import('./capture-export.ts')).exportCommand
  },
  {
    name: 'send',
    usage: 'send FILE --to URL [--speed N]',
    summary: 'Send captured posts to a debug endpoint, as MISP does.',
    load: async () => (await import('./capture-send.ts')).sendCommand
  },
  {
    name: 'serve',
    usage: 'serve [--host H] [--port N] [--allow-host NAME]… [--workspace D] [--no-open]',
    summary: 'Open the app in the browser.',
    load: async () => (await import('./serve.ts')).serveCommand
  },
  {
    name: 'trust',
    usage: 'trust [DIR] [--workspace D] [--yes] [--json]',
    summary: 'List what came with a workspace and would send, open, delete or run something; --yes allows it.',
    load: async () => (await import('./trust.ts')).trustCommand
  },
  {
    name: 'profile',
    usage: 'profile [P|none] [--workflow W | --source S] [--workspace D] [--json]',
    summary: 'Show or choose the MISP version that a workspace, a workflow or a source of posts is treated as.',
    load: async () => (await import('./profile.ts')).profileCommand
  },
  {
    name: 'upgrade',
    usage:
      'upgrade --from P --to P [WORKFLOW…] [--events DIR] [--world D] [--settings F] [--misp-defaults] [--workspace D] [--json]',
    summary: 'Say what an update of MISP changes for workflows, and which runs would end differently.',
    load: async () => (await import('./upgrade.ts')).upgradeCommand
  },
  {
    name: 'impact',
    usage:
      'impact WORKFLOW [--against FILE|VERSION] [--events DIR] [--last N] [--world D] [--settings F] [--misp-defaults] [--profile P] [--pick WHICH] [--workspace D] [--json]',
    summary:
      'Say what a changed workflow, other settings or another version of MISP would have changed over events or the last N runs, grouped by the first node that decides differently.',
    load: async () => (await import('./impact.ts')).impactCommand
  },
  {
    name: 'coverage',
    usage:
      'coverage WORKFLOW [--cases DIR] [--events DIR] [--last N] [--min P] [--world D] [--settings F] [--misp-defaults] [--profile P] [--pick WHICH] [--workspace D] [--json]',
    summary:
      'Say which nodes, connections and sides of conditions of a workflow have run; status 1 below --min percent.',
    load: async () => (await import('./coverage.ts')).coverageCommand
  },
  {
    name: 'new',
    usage: 'new workspace|module|examples [NAME]',
    summary: 'Create a workspace, a custom module, or a folder with the examples of the documentation.',
    load: async () => (await import('./new.ts')).newCommand
  },
  {
    name: 'completion',
    usage: 'completion bash|zsh|fish',
    summary: 'Print what lets a shell complete commands, options and names.',
    load: async () => (await import('./completion.ts')).completionCommand
  }
]

export const findCommand = (name: string): CommandEntry | undefined => commands.find((command) => command.name === name)
