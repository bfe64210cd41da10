/** What a command does beyond its one line, as Markdown of a page in docs/. */
export const notes: { readonly [command: string]: string } = {
  run:
    'A name of a workspace runs under its settings and world (`run guard --data "a red event"`); `run publish-guard --data invoice-phishing` are a workflow and data of the demonstrations. ' +
    '`--as TRIGGER` runs it as if that trigger had fired it. What MISP would have added when it saved the data is made up and listed; `--raw` leaves the data as it is ' +
    '([data](data.md)). Nothing is sent unless `--effects live` says so ([effects](effects.md)). `--json` prints one run event a line; `--posts F` writes the posts that MISP would send.',
  again:
    'Exactly as it was, from its file alone; with `--todays-world` in the world, settings and modules of the workspace as they are now, which says what changed since. Nothing is sent.',
  why: 'With `--node N` or `--step N`: why a node came out as it did, or was not reached.',
  blame: 'Back to the input or the answer that it came from; `--step N` as it was after that step.',
  find: '`--run RUN` searches one run only, capital and small letters are the same unless `--match-case` is given, as in the app. Without a find the status is 1.',
  diff: 'What made their outcomes differ first, then each step that differs, and whether a difference starts there or comes from earlier ([compare](compare.md)).',
  case: '[Cases](cases.md) says what can be expected of a run, and how a case is written by hand.',
  test: '[Cases](cases.md) says what is compared, and how to run them in CI.',
  coverage: '[Coverage](coverage.md) says what is counted.',
  impact: '[Impact](impact.md) says what can change, and over which inputs.',
  verify:
    'Equal (status 0), the first difference with its step, kind and cause (1), or “cannot tell” with what is missing (4). `--workflow F` chooses the workflow, `--reporter junit` is for CI, ' +
    '`--accept REASON --until DAY` accepts the difference ([verify](verify.md)).',
  check:
    'What MISP refuses and warns about, and what cannot work: templates, JSON, conditions. The status is 1 when there are errors, and 3 when something cannot be read ([check](check.md)).',
  show: 'With `--watch` (up to 20 times) also what a hash path finds, where a step changed it.',
  import:
    'FILE is a file, a pipe or `-`. Without a workspace the runs are only shown. A workflow that is there already (same uuid) becomes a new version with `--as version`, another one beside it with `--as copy`.',
  send: 'FILE (`-` is standard input) holds posts (`export RUN --posts`), a captured run (`export RUN`), a run that MISP recorded, or requests that another tool kept; `--speed 1` keeps the times between them.',
  blueprints: 'A file, or a checkout of their repository, as MISP updates its own.',
  serve: '`--allow-host NAME` where browsers reach it under another name ([container](container.md)).',
  profile: 'Alone it shows which version holds, and why ([versions](versions.md)); `none` takes a choice back.',
  upgrade:
    'Modules, parameters, warnings, and which runs would end otherwise, at which node and by which rule. Inputs are the events in `--events` and, with a workspace, its data sets and runs.',
  trust: 'What is off until somebody allows it ([security](security.md)).',
  completion:
    'For the command `retrace` (`npm install --global misp-retrace`). bash: `eval "$(retrace completion bash)"` in ~/.bashrc; zsh: the same with `zsh` in ~/.zshrc, after `compinit`; ' +
    'fish: `retrace completion fish > ~/.config/fish/completions/retrace.fish`.',
  new: 'Prints the files. `new examples` leaves what is there already, and never overwrites.'
}
