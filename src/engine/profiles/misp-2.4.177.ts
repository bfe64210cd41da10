// MISP 2.4.177 (September 2023), beside 2.4.198.
import { misp251 } from './misp-2.5.1.ts'
import type { ProfileDifferences } from './profile.ts'

const later = ['perm_analyst_data', 'perm_skip_otp']

export const misp24177: ProfileDifferences = {
  version: '2.4.177',
  title: '2.4.187 and older',
  inAndSorts: false,
  postsTellErrors: false,
  logTellsErrors: false,
  errorsOutliveExceptions: true,
  unusableDataThrows: true,
  rendersParameters: false,
  sendsWithCurl: false,
  jobsKnowTheirUser: false,
  permissions: misp251.permissions.filter((flag) => !later.includes(flag))
}
