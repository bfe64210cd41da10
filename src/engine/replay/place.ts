// Where something stands in a value, from the leaf to the root: made into a path only for what is told.
export interface Place<K extends string | number = string | number> {
  readonly above: Place<K> | null
  readonly key: K
}

/** Null is the root. */
export function pathOf<K extends string | number>(place: Place<K> | null): K[] {
  const path: K[] = []
  for (let here = place; here !== null; here = here.above) path.push(here.key)
  return path.reverse()
}
