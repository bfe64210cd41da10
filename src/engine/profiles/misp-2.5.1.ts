// MISP 2.5.1 (October 2024): the base that the other profiles say their differences from.
import type { Profile } from './profile.ts'

export const misp251: Profile = {
  id: '2.5.1',
  concurrentWorkerHasNoLog: true,
  longestJobArgument: 131_071
}
