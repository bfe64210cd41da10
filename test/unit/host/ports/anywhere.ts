import { AddressGuard } from '../../../../src/host/ports/guard.ts'

/** Lets everything pass: for tests of what comes after. */
export const anywhere = new AddressGuard({ allow: ['0.0.0.0/0', '::/0'], onlyAllowed: false })
