import { describe, type Environment } from '../environment.ts'
import { Failure } from '../errors.ts'
import type { Run } from '../run.ts'

/** The members as they were found, by role. */
export interface Roles {
  readonly live: Environment
  /** `now` is undefined while it does not exist. */
  readonly other: { readonly name: string; readonly now: Environment | undefined }
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
  const live = members.find((member) => member.cname === cname)
  if (!live) throw await nobodyIsLive(run, members, cname)
  const name = names.find((one) => one !== live.name) as string
  return { live, other: { name, now: members.find((member) => member.name === name) } }
}

/** Who does have it? A slip in a name shows itself here. */
async function nobodyIsLive(run: Run, members: readonly Environment[], cname: string): Promise<Failure> {
  const seen = members.map((member) => `${member.name} has ${member.cname ?? 'no CNAME'}`).join('; ')
  const holder = (await run.ports.beanstalk.all()).find((environment) => environment.cname === cname)
  const what = `Neither environment has the production address ${cname} (${seen})`
  if (holder)
    return new Failure(`${what}: ${describe(holder)} has it.`, [
      {
        why: `Is \`blue-environment\` or \`green-environment\` misspelt? ${holder.name} has to be one of them.`,
      },
    ])
  return new Failure(
    `${what}, nor has any other of ${run.settings.application}: nobody can tell which is live.`,
    [{ why: 'Give the right address as `production-cname` (a prefix or a whole name).' }],
  )
}
