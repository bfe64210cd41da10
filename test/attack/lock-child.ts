// Holds a workspace and takes posts in a process of its own, to be stopped and killed. Says what it got, once.
import { CaptureService } from '../../src/host/capture/service.ts'
import { Workspace } from '../../src/host/store/workspace.ts'

const [folder = '', staleMs = '60000', closeMs = '0'] = process.argv.slice(2)
const workspace = await Workspace.open(folder, { lock: { staleMs: Number(staleMs) } })
const capture = await CaptureService.open(
  workspace.folder,
  { segmentBytes: 50_000, hold: workspace.hold },
  workspace.writable
)
const port = workspace.writable ? (await capture.listen({ port: 0 })).address.port : null
process.on('SIGTERM', () => {
  workspace.ending()
  setTimeout(() => {
    void capture
      .close()
      .then(() => workspace.close())
      .then(() => process.exit(0))
  }, Number(closeMs))
})
process.stdout.write(`${JSON.stringify({ port, writable: workspace.writable, readOnly: workspace.hold.reason })}\n`)
