// Behaviour of MISP's modules that surprises people, each with commands that show it. The pages show what the commands print, and a test runs them
// and asks for `prints` in it: a sentence here stays true, or the test says which is not.
import { actionQuirks } from './quirks-actions.ts'
import { attributeQuirks } from './quirks-attributes.ts'
import { logicQuirks } from './quirks-logic.ts'
import { sendQuirks } from './quirks-sending.ts'
import { triggerQuirks } from './quirks-triggers.ts'
import type { Quirk } from './quirk.ts'

export const quirks: readonly Quirk[] = [
  ...triggerQuirks,
  ...logicQuirks,
  ...actionQuirks,
  ...attributeQuirks,
  ...sendQuirks
]
