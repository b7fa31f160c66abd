import type { AttachEffect } from './effects.ts'
import type { Environment } from './environment.ts'
import { AnswerLost, Conflict } from './errors.ts'
import { gets, paceOf, underWay } from './move-traffic.ts'
import type { Ms, TrafficRouter } from './ports.ts'
import { intend, type Run } from './run.ts'
import { inWords, waitUntil } from './wait-until.ts'

/** Two environments that traffic is going to be moved between, and what moves it. */
export interface Attaching {
  readonly router: TrafficRouter
  readonly live: Environment
  readonly candidate: Environment
  readonly productionName: string
}

/** Targets are checked some times before they are given traffic; a group of many may take its time, in ms. */
const readyWithin: Ms = 15 * 60_000

/**
 * Makes the candidate known to what routes production, with nothing of it, and waits until it can be given some: until it
 * is found healthy there, and clients have left what stood there before. It is unmade when the deployment fails.
 */
export async function attach(
  run: Run,
  { router, live, candidate, productionName }: Attaching,
): Promise<void> {
  if (router.moves === 'whole' || (await knowsBoth(router))) return
  const { clock, report } = run.ports
  const { id: environment, name } = candidate
  await intend<AttachEffect>(run, { what: 'attach', way: 'undo', environment, name, productionName })
  const follow = await sendTwice(() => router.attach({ live: live.id, candidate: environment }))
  const followedAt = clock.now() + follow
  if (follow > 0)
    report.line(
      `${router.name}: both environments are known there now, with all traffic on ${live.name}. Clients may keep the answer before for ${inWords(follow)}: that is waited for.`,
    )
  let known: readonly string[] | undefined
  await waitUntil(run, {
    sentence: `${name} can be given traffic`,
    expected: Math.max(router.takes.latest, follow),
    within: readyWithin + follow,
    look: async () => {
      const now = await router.read()
      known ??= now.notes
      const why = now.notReady?.[environment]
      if (!now.settled) return { is: 'waiting', saw: underWay(now), ...paceOf(router) }
      if (why !== undefined) return { is: 'waiting', saw: why }
      const left = followedAt - clock.now()
      if (left > 0) return { is: 'waiting', saw: `older answers live for ${inWords(left)}`, again: left }
      for (const note of now.notes ?? []) if (known?.includes(note) === false) report.line(note)
      return { is: 'done', value: undefined }
    },
  })
}

const knowsBoth = async (router: TrafficRouter): Promise<boolean> =>
  router.attaches === 'only at first' && (await router.read()).leadsNowhere === undefined

/** The first environment of all gets everything at once: nothing was there before. */
export async function attachFirst(run: Run, router: TrafficRouter, live: Environment): Promise<void> {
  await run.ports.journal.write((now) => now)
  run.signal.throwIfAborted()
  await sendTwice(() => router.attach({ live: live.id, candidate: undefined }))
}

/** It moves nothing and can be repeated: what nobody knows the end of is sent once more. */
async function sendTwice<T>(send: () => Promise<T>): Promise<T> {
  try {
    return await send()
  } catch (thrown) {
    if (!(thrown instanceof AnswerLost)) throw thrown
    return send()
  }
}

/** What is left and stays: clients that are kept where they were, as by a load balancer's cookie, leave it with this. */
export async function leaveOut(run: Run, router: TrafficRouter, id: string): Promise<void> {
  run.signal.throwIfAborted()
  await sendTwice(() => router.detach(id, 'it stays'))
}

/** Unmakes it again; what has traffic stays known. */
export async function detach(run: Run, { environment, name, productionName }: AttachEffect): Promise<void> {
  const router = run.ports.routerFor({ ids: [environment], productionName })
  if (gets(await router.read(), environment)) return
  await leaveOut(run, router, environment).catch((thrown: unknown) => {
    if (!(thrown instanceof Conflict)) throw thrown
    run.record.left.push(`${name} (${environment}) stays known to what routes production: ${thrown.message}`)
  })
}
