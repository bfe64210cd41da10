/** Windows has no signals that a program can answer, no pipes among its files, and no bits of who may read them. */
export const isUnix = process.platform !== 'win32'
