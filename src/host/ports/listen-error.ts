// Why nobody can listen at an address, for whoever chose it.
import { CodedError } from '../../contract/errors.ts'
import { freePortAfter } from './free-port.ts'

/** What is no error of the system stays what it is. `option` is put before a port that is free, as the command line takes it. */
export async function asListenError(error: unknown, host: string, port: number, option = ''): Promise<unknown> {
  const { code = '', syscall = '' } = error as NodeJS.ErrnoException
  const place = `${host}:${port}`
  if (code === 'EADDRINUSE') {
    const free = await freePortAfter(host, port)
    const offer = free === null ? '' : ` The next free port is ${option}${free}.`
    return new CodedError('ADDRESS_IN_USE', `${place} is in use by another program.${offer}`)
  }
  if (!['listen', 'bind', 'getaddrinfo'].includes(syscall)) return error
  return new CodedError('COMMAND_INVALID', `Nobody can listen on ${place} on this machine (${code}).`)
}
