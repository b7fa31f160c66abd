import type { Account } from './account.ts'
import { type AnyFault, kindOf, type Mishap, type Role } from './history.ts'
import type { Process } from './process.ts'
import { inWords, type Meddled } from './routing.ts'
import type { Story } from './story.ts'
import { byId, inShort, membersIn } from './truth.ts'
import type { Watch } from './watch.ts'

/** What meddling needs, and what it leaves behind. */
export interface Meddling {
  readonly account: Account
  readonly watch: Watch
  readonly story: Story
  readonly excuses: { from: number; to: number }[]
  readonly faults: AnyFault[]
}

/** The runner ends a cancelled step after this long, in ms. */
const cancelledFor = 10_000

/** Lets a mishap happen now. */
export function strike(meddling: Meddling, process: Process, mishap: Mishap): void {
  const { account, story, faults } = meddling
  if (process.state() !== 'running') return
  story.tell(
    'mishap',
    `${kindOf(mishap)}${'order' in mishap ? ` ${JSON.stringify(mishap.order)}` : ''} (run ${process.number} is in ${process.stage()})`,
  )
  if (!('order' in mishap)) faults.push({ kind: mishap.what, stage: process.stage() })
  switch (mishap.what) {
    case 'death':
      process.kill()
      return
    case 'cancellation':
      process.cancel()
      account.clock.at(account.clock.now() + cancelledFor, process.kill)
      return
    case 'call fault':
    case 'environment fault':
      account.aws.cloud.faults.order(mishap.order)
      return
    case 'swap by hand':
      swap(meddling)
      return
    case 'route by hand':
      void route(meddling, mishap.meddled)
      return
    case 'managed update':
      byHand(meddling, mishap, (id) => {
        account.aws.beanstalk.byHand.managedUpdate(id)
        meddling.watch.verified.delete(id)
      })
      return
    case 'group by hand':
      setGroup(meddling, mishap)
      return
  }
}

function swap(meddling: Meddling): void {
  const { account, watch } = meddling
  const live = watch.holder()
  const other = otherThan(meddling, live)
  if (live === undefined || other === undefined) return
  if (!attempt(meddling, 'swap by hand', live, () => account.aws.beanstalk.byHand.swap(live, other))) return
  watch.swaps.push({
    at: account.clock.now(),
    by: 'human',
    from: live,
    to: other,
    percent: 100,
    wayBackUntil: Number.POSITIVE_INFINITY,
  })
}

async function route(meddling: Meddling, meddled: Meddled): Promise<void> {
  const { account, watch, story, excuses } = meddling
  const { clock, aws, traffic } = account
  const live = watch.holder()
  const other = otherThan(meddling, live)
  if (live === undefined) return
  const at = clock.now()
  const before = inWords(traffic.shares(aws.beanstalk.state()))
  const isToOther =
    meddled.how === 'weights' ? meddled.other >= 50 : meddled.how === 'deleted' && meddled.of === 'live'
  const to = (isToOther ? other : live) ?? live
  const move = {
    at,
    by: 'human',
    from: live,
    to,
    percent: 100,
    wayBackUntil: Number.POSITIVE_INFINITY,
  } as const
  watch.swaps.push(move)
  try {
    await traffic.meddle(meddled, { live, other })
  } catch (refusal) {
    story.tell('human', `was refused: ${refusal}`)
    watch.swaps.splice(watch.swaps.indexOf(move), 1)
    return
  }
  const after = inWords(traffic.shares(aws.beanstalk.state()))
  story.tell('human', `route by hand: ${JSON.stringify(meddled)}, from ${before} to ${after}`)
  watch.byHand.push({ at, what: `route by hand: ${meddled.how}`, id: live })
  if (after === before) watch.swaps.splice(watch.swaps.indexOf(move), 1)
  if (meddled.how !== 'weights') excuses.push({ from: at - 10_000, to: Number.POSITIVE_INFINITY })
}

function setGroup(meddling: Meddling, mishap: Extract<Mishap, { what: 'group by hand' }>): void {
  const { account, watch, excuses } = meddling
  const { min, max } = mishap
  byHand(meddling, mishap, (id) => {
    const group = byId(account.aws.beanstalk.state(), id)?.group
    account.aws.beanstalk.byHand.setGroup(id, { min, max })
    // Who sets what is there already leaves no trace: nobody can tell it from what we hold.
    if (group && (group.min !== min || group.max !== max)) watch.bounds.set(group.name, { min, max })
    excuses.push({ from: account.clock.now(), to: account.clock.now() + 600_000 })
  })
}

function byHand(
  meddling: Meddling,
  { what, of }: { readonly what: string; readonly of: Role },
  act: (id: string) => void,
): void {
  const live = meddling.watch.holder()
  const id = of === 'live' ? live : otherThan(meddling, live)
  if (id !== undefined) attempt(meddling, what, id, () => act(id))
}

const otherThan = ({ account }: Meddling, live: string | undefined) =>
  membersIn(account.aws.beanstalk.state()).find(({ id }) => id !== live)?.id

/** AWS refuses humans too. */
function attempt({ account, watch, story }: Meddling, what: string, id: string, act: () => void): boolean {
  try {
    act()
  } catch (refusal) {
    story.tell('human', `was refused: ${refusal}`)
    return false
  }
  watch.byHand.push({ at: account.clock.now(), what, id })
  const environment = byId(account.aws.beanstalk.state(), id)
  story.tell('human', `${what}: ${environment && inShort(environment)}`)
  return true
}
