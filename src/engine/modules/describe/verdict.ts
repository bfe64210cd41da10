// What a module's sentence says beforehand, whatever the data: the sentences open (or go on) with fixed words, see say-conditions.ts.

export type ModuleVerdict = 'never' | 'always' | 'keeps nothing' | 'aborts' | 'does nothing' | null

/** @param sentence what `explain` answered */
export function verdictOf(sentence: string): ModuleVerdict {
  if (/(^|\. )Never true\b/.test(sentence)) return 'never'
  if (/(^|\. )Always true\b/.test(sentence)) return 'always'
  if (/\bkeeps nothing:/.test(sentence)) return 'keeps nothing'
  if (/\bthe next read of the data is a TypeError\b|^Aborts the run\b|\baborts the run with an Error\b/.test(sentence))
    return 'aborts'
  if (/^(Does|Sends|Changes) nothing\b|^Counts nothing\b/.test(sentence)) return 'does nothing'
  return null
}
