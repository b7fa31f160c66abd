import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bundleOf } from '../shop/bundle.ts'
import type { Act, Scene } from './acts.ts'
import type { StageSet } from './stage.ts'
import { type Ended, runStep } from './step.ts'
import type { ActResult } from './table.ts'

/** The TTL of Beanstalk's names and a margin, in ms of simulated time. */
const dnsAnswersLive = 75_000

/** Where an act leaves its logs, and how it may be ended early. */
export interface Play {
  readonly stage: StageSet
  readonly folder: string
  readonly say: (line: string) => void
  readonly signal: AbortSignal
}

/** Brings an act about that is played alone. Throws when it does not end as it should. */
export async function prepareAct({ before = [] }: Act, play: Play): Promise<void> {
  for (const scene of before) {
    const live = await whoIsLive(play.stage)
    const ended = await runScene(scene, { ...play, folder: join(play.folder, 'before') })
    const [problem] = judge(scene, { ended, before: live, now: await whoIsLive(play.stage) })
    if (problem !== undefined) throw new Error(`What the act builds on did not end as it should: ${problem}`)
    await play.stage.aws.simulator.cloud.clock.sleep(dnsAnswersLive)
  }
}

/** Plays one act with the shipped bundle and judges it by what AWS and the users say, not only by its outputs. */
export async function playAct(act: Act, play: Play): Promise<ActResult> {
  const { clock } = play.stage.aws.simulator.cloud
  const began = performance.now()
  const from = clock.now()
  const outcomes: string[] = []
  const problems: string[] = []
  for (const [index, scene] of act.scenes.entries()) {
    play.signal.throwIfAborted()
    const before = await whoIsLive(play.stage)
    const ended = await runScene(scene, { ...play, folder: join(play.folder, String(index + 1)) })
    outcomes.push(ended.outputs.outcome ?? 'no outcome')
    problems.push(...judge(scene, { ended, before, now: await whoIsLive(play.stage) }))
  }
  // Users follow when their DNS answers have expired; until then what they see belongs to this act.
  await clock.sleep(dnsAnswersLive)
  const users = play.stage.users.report(from, clock.now())
  const blamed = Object.keys(users.failuresByVersion).filter((version) => version !== act.mayFail)
  if (blamed.length > 0) problems.push(`users saw failures of ${blamed.join(', ')}`)
  return {
    title: act.title,
    outcome: outcomes.join(', '),
    users,
    seconds: (performance.now() - began) / 1000,
    problems,
  }
}

async function runScene(scene: Scene, { stage, folder, say, signal }: Play): Promise<Ended> {
  const bundle = scene.bundle && `${folder}.zip`
  if (scene.bundle && bundle) await writeFile(bundle, await bundleOf(scene.bundle))
  return runStep({
    folder,
    signal,
    environment: stage.environment(),
    inputs: {
      application: 'shop',
      'blue-environment': 'shop-blue',
      'green-environment': 'shop-green',
      ...stage.inputs,
      'health-path': '/health',
      'test-command': 'node examples/shop/smoke-test.js',
      'bake-time': '3m',
      ...(bundle && { package: bundle }),
      ...scene.inputs,
    },
    onLine: (line) => {
      const shown = progress(line)
      if (shown !== undefined) say(shown)
    },
  })
}

/** The stages as they begin, the steps of a shift, and the verdict; the whole log is in the folder. */
function progress(line: string): string | undefined {
  const stage = /^::group::(.*)$/.exec(line)?.[1]
  if (stage !== undefined) return `    ${stage}`
  if (/^\s*\d+ % on .* held for /.test(line)) return `      ${line.trim()}`
  return /^(promoted|already-live|restored|rolled-back|failed|stuck): /.test(line) ? `  ${line}` : undefined
}

/** Who has production by what answers there, with no memory for DNS answers; undefined while that is more than one. */
async function whoIsLive(stage: StageSet): Promise<Live | undefined> {
  const [version, ...others] = await stage.versionsReached()
  const running = stage.aws.simulator.beanstalk
    .state()
    .environments.filter((one) => one.version === version && one.status !== 'Terminated')
  const named = running.find(({ cname }) => cname === stage.productionName)
  const live = named ?? running[0]
  return live && others.length === 0 ? { environment: live.name, version } : undefined
}

interface Live {
  readonly environment: string
  readonly version: string | undefined
}

interface Seen {
  readonly ended: Ended
  readonly before: Live | undefined
  readonly now: Live | undefined
}

function judge(scene: Scene, { ended, before, now }: Seen): string[] {
  const problems: string[] = []
  const { outcome } = ended.outputs
  if (outcome !== scene.outcome) problems.push(`outcome ${outcome ?? 'missing'} instead of ${scene.outcome}`)
  if ((ended.exitCode === 0) !== scene.succeeds) problems.push(`exit code ${ended.exitCode}`)
  const hasMoved = now?.environment !== before?.environment
  const isWrong = scene.version !== undefined && scene.version !== now?.version
  if (!now || isWrong || hasMoved !== (scene.production === 'moves'))
    problems.push(`production is on ${now ? `${now.environment} (${now.version})` : 'several environments'}`)
  if (ended.outputs['live-environment'] !== now?.environment)
    problems.push('the output live-environment is not what answers')
  if (ended.summary.trim() === '') problems.push('no summary was written')
  return problems
}
