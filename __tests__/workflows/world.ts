import { cp, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type StageSet, setStage } from '../../examples/rehearsal/stage.ts'
import { createLocalGithub, type LocalGithub } from '../../simulator/github/github.ts'
import { idTokenPath } from '../../simulator/github/id-token.ts'
import { type GithubServer, serveGithub } from '../../simulator/github/server.ts'
import { declaredPermissions } from './declared-permissions.ts'
import { type Order, type Ran, runWorkflow } from './runner.ts'
import { createShopRepository, type ShopRepository } from './shop-repository.ts'

/** What workflows run against: a local AWS with the shop, its users, a local GitHub, its repository, and a runner. */
export interface World {
  readonly stage: StageSet
  readonly github: LocalGithub
  readonly repository: ShopRepository
  /**
   * Runs a workflow of the repository; its token may do what its `permissions` say, that of a pull request from a fork
   * may only read, and there are neither secrets nor ID tokens for it.
   */
  run(order: Pick<Order, 'workflow' | 'event'> & { readonly isFromFork?: true }): Promise<Ran>
  /** Which environment production reaches, running which version, as AWS says. */
  production(): { readonly environment: string; readonly version: string } | undefined
  /** The names of all environments that are not terminated, or about to be. */
  environments(): readonly string[]
  close(): Promise<void>
}

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Starts everything, with 1.0.0 live on shop-blue. `folder` is emptied first, and keeps the logs. */
export async function startWorld(folder: string): Promise<World> {
  await rm(folder, { recursive: true, force: true })
  const action = await copyAction(join(folder, 'action'))
  const repository = await createShopRepository(join(folder, 'shop'))
  const stage = await setStage(40, { region: 'eu-central-1' })
  const github = createLocalGithub({ clock: stage.aws.simulator.cloud.clock, repository: 'acme/shop' })
  const server = await serveGithub(github, 0)
  const environments = () =>
    stage.aws.simulator.beanstalk.state().environments.filter(({ status }) => !/^Terminat/.test(status))
  return {
    stage,
    github,
    repository,
    async run({ isFromFork, ...order }) {
      const permissions = isFromFork
        ? onlyReading
        : await declaredPermissions(join(repository.folder, '.github/workflows', order.workflow))
      github.permit(permissions.api)
      return runWorkflow({
        ...order,
        repository: repository.folder,
        environment: {
          ...withoutKeys(stage.environment()),
          GITHUB_API_URL: server.url,
          ...(permissions.idToken && idTokensOf(server)),
        },
        secrets: { GITHUB_TOKEN: 'of-this-run', ...(!isFromFork && secrets) },
        action,
        runner: { binary: join(root, '.tools/bin/act'), folder },
      })
    },
    production: () => {
      const live = environments().find(({ cname }) => cname === stage.productionName)
      return live && { environment: live.name, version: live.version ?? '' }
    },
    environments: () => environments().map(({ name }) => name),
    close: async () => {
      await server.close()
      await stage.close()
    },
  }
}

/** The repository's own, as the examples call them. */
const secrets = { PULL_REQUEST_DATABASE_URL: 'postgres://pull-requests.example.com/shop' }

const onlyReading = {
  api: { deployments: 'read', checks: 'read', issues: 'read', 'pull-requests': 'read' },
  idToken: false,
} as const

/** As GitHub would download it: action.yml and the bundle, without anything that happens to lie beside it here. */
async function copyAction(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  for (const name of ['action.yml', 'dist'])
    await cp(join(root, name), join(folder, name), { recursive: true })
  return folder
}

/** The examples have no keys: they work as a role, by an ID token. */
const withoutKeys = (environment: Record<string, string>) =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !/^AWS_(ACCESS|SECRET)/.test(name)))

/** What GitHub sets in a job that may have ID tokens. */
const idTokensOf = ({ url }: GithubServer) => ({
  ACTIONS_ID_TOKEN_REQUEST_URL: `${url}${idTokenPath}?api-version=2.0`,
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'of-this-job',
})
