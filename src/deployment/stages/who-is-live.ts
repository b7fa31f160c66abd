import { describe, type Environment, isReady } from '../environment.ts'
import { Failure } from '../errors.ts'
import { holderAmong } from '../holder.ts'
import type { TrafficRouter } from '../ports.ts'
import { whoHasWhich } from '../remedies.ts'
import type { Run } from '../run.ts'
import { waitUntil } from '../wait-until.ts'

/** The members as they were found, by role. */
export interface Roles {
  readonly live: Environment
  /** `now` is undefined while it does not exist. */
  readonly other: { readonly name: string; readonly now: Environment | undefined }
}

/** Both members have the name, or neither, for this long at most while it is swapped, in ms. */
const swapsWithin = 60_000

/**
 * The names of live and candidate. They are those of the inputs; but a verification, which only looks at live, finds it
 * wherever production is in the application: then `green-environment` is the candidate, and the other input is not used.
 */
export async function namesOfPair(run: Run, cname: string): Promise<readonly [string, string]> {
  const { blueEnvironment: blue, greenEnvironment: green, operation } = run.settings
  if (operation !== 'verify') return [blue, green]
  const live = await holderOf(run, cname)
  return live === undefined || live === blue || live === green ? [blue, green] : [live, green]
}

/** Nobody keeps a verification apart from somebody else's swap: it waits until that is over. */
function holderOf(run: Run, cname: string): Promise<string | undefined> {
  const { beanstalk, clock } = run.ports
  const giveUpAt = clock.now() + swapsWithin
  return waitUntil(run, {
    sentence: `somebody has the production address ${cname}`,
    expected: 0,
    within: swapsWithin + 60_000,
    look: async () => {
      const all = await beanstalk.all()
      const holder = await holderAmong(run, all, cname)
      if (holder || all.every(isReady) || clock.now() > giveUpAt) return { is: 'done', value: holder?.name }
      return { is: 'waiting', saw: 'nobody has it, as in the middle of a change' }
    },
  })
}

/** Live is the member that has the production address, whatever it is called. */
export async function rolesIn(
  run: Run,
  {
    members,
    names,
    cname,
  }: { readonly members: readonly Environment[]; readonly names: readonly string[]; readonly cname: string },
): Promise<Roles> {
  const live = (await holderAmong(run, members, cname)) ?? (await theOnlyOne(run, members, cname))
  if (!live) throw await nobodyIsLive(run, members, cname)
  const name = names.find((one) => one !== live.name) as string
  return { live, other: { name, now: members.find((member) => member.name === name) } }
}

/** Where nothing stands at the production name yet, the only environment there is is what it will lead to. */
async function theOnlyOne(
  run: Run,
  members: readonly Environment[],
  productionName: string,
): Promise<Environment | undefined> {
  const ids = members.map(({ id }) => id)
  const router = run.ports.routerFor({ ids, productionName })
  if (router.moves === 'whole') return undefined
  const { leadsNowhere } = await router.read()
  if (leadsNowhere === undefined) return undefined
  if (members.length === 1) return members[0]
  throw new Failure(`${nothingStandsAt(productionName)} Nothing was changed.`, [leadsNowhere])
}

/** Where nobody was ever sent, and there are two that it could be. */
export const nothingStandsAt = (productionName: string): string =>
  `Nothing stands at ${productionName} yet, and both environments exist: nobody can tell which is live.`

/** Who does have it? A slip in a name shows itself here. */
async function nobodyIsLive(run: Run, members: readonly Environment[], cname: string): Promise<Failure> {
  const holder = await holderAmong(run, await run.ports.beanstalk.all(), cname)
  run.record.elsewhere = elsewhere(holder, cname)
  const router = run.ports.routerFor({ ids: [], productionName: cname })
  return neitherHas({ members, cname, holder, application: run.settings.application, router })
}

/** Who serves production where it is neither of the two, after "Serves production now:". */
export const elsewhere = (holder: Environment | undefined, cname: string): string =>
  holder
    ? `${describe(holder)}, which is not one of these two environments`
    : `nobody: no environment of the application has the production address ${cname}`

/** Says that neither member is live, and who has the production address instead. */
export function neitherHas({
  members,
  cname,
  holder,
  application,
  router,
}: {
  readonly members: readonly Environment[]
  readonly cname: string
  readonly holder: Environment | undefined
  readonly application: string
  readonly router: TrafficRouter
}): Failure {
  if (router.moves === 'in-steps') return neitherGets({ members, cname, holder, authority: router.authority })
  const seen = members.map((member) => `${member.name} has ${member.cname ?? 'no CNAME'}`).join('; ')
  const what = `Neither environment has the production address ${cname} (${seen || 'neither exists'})`
  if (holder)
    return new Failure(`${what}: ${describe(holder)} has it.`, [
      {
        why: `Is \`blue-environment\` or \`green-environment\` misspelt? ${holder.name} has to be one of them.`,
      },
      whoHasWhich(application),
    ])
  return new Failure(`${what}, nor has any other of ${application}: nobody can tell which is live.`, [
    {
      why:
        slipIn(cname, members) ?? 'Give the right address as `production-cname` (a prefix or a whole name).',
    },
    whoHasWhich(application),
  ])
}

/** The same where production is not routed by Beanstalk's names. */
function neitherGets({
  members,
  cname,
  holder,
  authority,
}: {
  readonly members: readonly Environment[]
  readonly cname: string
  readonly holder: Environment | undefined
  readonly authority: string
}): Failure {
  const pair = members.map(({ name }) => name).join(' and ') || 'neither exists'
  const what = `${authority} sends production (${cname}) to neither environment (${pair})`
  if (holder)
    return new Failure(`${what}: ${describe(holder)} has it.`, [
      {
        why: `Is \`blue-environment\` or \`green-environment\` misspelt? ${holder.name} has to be one of them.`,
      },
    ])
  return new Failure(`${what}: nobody can tell which is live.`, [
    { why: `Let ${cname} lead to the one of the two that is to be live, and run this again.` },
  ])
}

/** What the given address has nearly been, if that can be told from what the members have. */
function slipIn(cname: string, members: readonly Environment[]): string | undefined {
  const generated = members.find((member) => member.cname?.replace(generatedLabel, '.') === cname)
  if (generated)
    return `${generated.cname} was generated by Beanstalk, with a label more than a prefix has. If it is the production address, give all of it as \`production-cname\`.`
  const region = regionIn(cname)
  const own = members.map((member) => regionIn(member.cname)).find((one) => one !== undefined)
  if (region === undefined || own === undefined || region === own) return undefined
  return `That is a name of ${region}, and these environments are in ${own}: look for a slip in \`production-cname\` or \`aws-region\`.`
}

/** `NAME.eba-xxxxxxxx.REGION.elasticbeanstalk.com` (A.6) */
const generatedLabel = /\.eba-[a-z0-9]+\./

const regionIn = (cname: string | undefined): string | undefined =>
  cname === undefined ? undefined : /\.([a-z]{2}(?:-[a-z]+)+-\d)\.elasticbeanstalk\./.exec(cname)?.[1]
