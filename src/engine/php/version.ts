// Which PHP the engine speaks now. Nearly everything is the same in PHP 7.4 and 8; where it is not, a rule of php/ asks here instead of being
// told by each of its many callers. The engine is synchronous: whoever moves a run, or asks a question about one version of MISP, says the
// PHP of it for as long as that takes.

let version: 7 | 8 = 8

/** Runs something as a PHP of that version would. */
export function underPhp<T>(wanted: 7 | 8, run: () => T): T {
  if (version === wanted) return run()
  const before = version
  version = wanted
  try {
    return run()
  } finally {
    version = before
  }
}

/** True while PHP 7.4 is spoken. */
export const isPhp7 = (): boolean => version === 7
