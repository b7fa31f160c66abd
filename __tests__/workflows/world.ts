import { cp, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type StageSet, setStage } from '../../examples/rehearsal/stage.ts'
import { type IdTokens, startIdTokens } from './id-tokens.ts'
import { type Order, type Ran, runWorkflow } from './runner.ts'
import { createShopRepository, type ShopRepository } from './shop-repository.ts'

/** What workflows run against: a local AWS with the shop, its users, its repository, and a runner. */
export interface World {
  readonly stage: StageSet
  readonly repository: ShopRepository
  readonly idTokens: IdTokens
  run(order: Pick<Order, 'workflow' | 'event'>): Promise<Ran>
  /** Which environment production reaches, running which version, as AWS says. */
  production(): { readonly environment: string; readonly version: string } | undefined
  /** The names of all environments that are not terminated. */
  environments(): readonly string[]
  close(): Promise<void>
}

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Starts everything, with 1.0.0 live on shop-blue. `folder` is emptied first, and keeps the logs. */
export async function startWorld(folder: string): Promise<World> {
  await rm(folder, { recursive: true, force: true })
  const action = join(folder, 'action')
  await mkdir(action, { recursive: true })
  for (const name of ['action.yml', 'dist'])
    await cp(join(root, name), join(action, name), { recursive: true })
  const repository = await createShopRepository(join(folder, 'shop'))
  const stage = await setStage(60, 'eu-central-1')
  const idTokens = await startIdTokens()
  const environments = () =>
    stage.aws.simulator.beanstalk.state().environments.filter(({ status }) => status !== 'Terminated')
  return {
    stage,
    repository,
    idTokens,
    run: (order) =>
      runWorkflow({
        ...order,
        repository: repository.folder,
        environment: { ...withoutKeys(stage.environment()), ...idTokens.environment },
        action,
        runner: { binary: join(root, '.tools/bin/act'), folder },
      }),
    production: () => {
      const live = environments().find(({ cname }) => cname === stage.productionCname)
      return live && { environment: live.name, version: live.version ?? '' }
    },
    environments: () => environments().map(({ name }) => name),
    close: async () => {
      await idTokens.close()
      await stage.close()
    },
  }
}

/** The examples have no keys: they work as a role, by an ID token. */
const withoutKeys = (environment: Record<string, string>) =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !/^AWS_(ACCESS|SECRET)/.test(name)))
