// A listener in a process of its own, to be killed. Says its port, and what a start found.
import { Listener } from '../../src/host/capture/listen/listener.ts'
import { Journal } from '../../src/host/capture/journal/journal.ts'

const { journal, problems } = await Journal.open(process.argv[2]!, { segmentBytes: 300_000 })
const listener = await Listener.start(journal, { port: 0, limits: { memoryBytes: 200_000 } })
process.stdout.write(`${JSON.stringify({ port: listener.address.port, problems: problems.map(({ kind }) => kind) })}\n`)
