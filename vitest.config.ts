import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * They need a process of their own: for modules in the place of others (`vi.mock`), which all that share a process would see, or for counts of
 * work (work.ts), which V8 keeps of code alone that it compiled after it was asked to count.
 */
const isolated = ['test/unit', 'test/conformance', 'test/attack'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.test\.tsx?$/.test(name))
    .map((name) => join(folder, name))
    .filter((file) => /\bvi\.mock\(|\/work\.ts'/.test(readFileSync(file, 'utf8')))
)

/** What takes longest, in `npm run test:long` minutes each: whatever began last would go on alone while others have nothing left to do. */
const longest = [
  ...['corruption', 'main-thread', 'arguments', 'operations', 'dying-disk', 'workspaces', 'find', 'kills', 'repeats'],
  ...['ten-thousand-posts', 'callers', 'guest', 'hostile-files', 'uncaught', 'lock', 'planted-edits', 'posts'],
  ...['many-answers', 'look-on', 'surroundings', 'holder']
].map((name) => `/test/attack/${name}.test.ts`)

class LongestFirst extends BaseSequencer {
  override async sort(specs: TestSpecification[]): Promise<TestSpecification[]> {
    // Projects one after the other, and whatever is not named, stay as they are.
    const usual = await super.sort(specs)
    const projects = [...new Set(usual.map(({ project }) => project))]
    const placeOf = ({ moduleId }: TestSpecification): number =>
      (longest.findIndex((name) => moduleId.endsWith(name)) + longest.length + 1) % (longest.length + 1)
    return projects.flatMap((project) =>
      usual.filter((spec) => spec.project === project).sort((a, b) => placeOf(a) - placeOf(b))
    )
  }
}

/** Whoever runs the tests may use Retrace: their own workspace and list of workspaces stay what they are. */
const userFolder = mkdtempSync(join(tmpdir(), 'retrace-user-'))
process.once('exit', () => rmSync(userFolder, { recursive: true, force: true }))

export default defineConfig({
  test: {
    environment: 'node',
    env: { RETRACE_USER_FOLDER: userFolder },
    globalSetup: 'test/in-memory.ts',
    // Three of two cores: many tests wait, for other processes and for what must come late, more than they work.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    sequence: { sequencer: LongestFirst },
    testTimeout: 20_000,
    // What they prepare may build a program first.
    hookTimeout: 60_000,
    // Sources are translated once, not for each run anew.
    experimental: { fsModuleCache: true, fsModuleCachePath: 'out/vitest' },
    projects: [
      {
        extends: true,
        test: {
          name: 'shared',
          // To load the sources anew for each of 230 files costs more than half as much as the tests.
          isolate: false,
          include: ['test/unit/**/*.test.{ts,tsx}', 'test/conformance/**/*.test.ts', 'test/attack/**/*.test.ts'],
          exclude: isolated
        }
      },
      { extends: true, test: { name: 'isolated', include: isolated } },
      // What a person gets: the npm package, installed (`node scripts/test.mjs package`).
      { extends: true, test: { name: 'package', include: ['test/package/**/*.test.ts'] } }
    ]
  }
})
