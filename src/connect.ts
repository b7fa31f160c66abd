import { createBeanstalk } from './aws/beanstalk.ts'
import { createCapacity } from './aws/capacity.ts'
import { type Clients, createClients } from './aws/clients.ts'
import { cnameSwap } from './aws/cname-swap.ts'
import { endOfKeys } from './aws/credentials.ts'
import { createLogs } from './aws/instance-logs.ts'
import { stateKey } from './aws/keys.ts'
import { createMemoryJournal } from './aws/memory-journal.ts'
import { createJournal } from './aws/pair-state.ts'
import { createStorage } from './aws/storage.ts'
import { createVersions } from './aws/versions.ts'
import type { Beanstalk, Holder, Ports } from './deployment/ports.ts'
import type { Settings } from './deployment/settings.ts'
import { concealIn } from './github/conceal.ts'
import { idToken } from './github/id-token.ts'
import { createReport } from './github/reporter.ts'
import { oneLine } from './github/text.ts'
import type { Routing } from './inputs/routing.ts'
import { secretsAround } from './inputs/secrets.ts'
import type { Connection } from './inputs.ts'
import { pack } from './system/bundle-file.ts'
import { commandRouter } from './system/command-router.ts'
import type { World } from './world.ts'

/** Everything that the domain needs, built from the world. The only place that knows all adapters. */
export async function connect(
  world: World,
  { settings, connection, holder }: { settings: Settings; connection: Connection; holder: Holder },
): Promise<Ports> {
  const { clock, random, environment, awsRequestHandler, toolkit } = world
  const { application } = settings
  const { region, role } = connection
  const zoneRole = connection.routing.by === 'route53' ? connection.routing.role : undefined
  const report = createReport(toolkit, clock)
  const clients = createClients({
    region,
    clock,
    random,
    environment,
    cancelled: world.cancelled,
    ...(awsRequestHandler && { requestHandler: awsRequestHandler }),
    role: role && {
      role,
      idToken: (audience) => idToken(toolkit, environment, audience),
      conceal: toolkit.setSecret,
      say: report.line,
    },
    dnsRole: zoneRole && { ...zoneRole, conceal: toolkit.setSecret, say: report.line },
  })
  const storage = createStorage({
    clients,
    stateBucket: connection.stateBucket,
    kmsKeyId: settings.kmsKeyId,
  })
  const beanstalk = createBeanstalk({ clients, application })
  const journal =
    settings.lock === 'none'
      ? createMemoryJournal({
          clients,
          clock,
          holder,
          remembered: toolkit.getState('journal'),
          remember: (body) => toolkit.saveState('journal', body),
        })
      : createJournal({
          clients,
          storage,
          clock,
          random,
          key: stateKey(application, [settings.blueEnvironment, settings.greenEnvironment]),
          holder,
          say: report.line,
          cancelled: world.cancelled,
        })
  return {
    clock,
    random,
    beanstalk,
    versions: createVersions({
      clients,
      application,
      storage,
      pack: (path) => pack(path, environment.RUNNER_TEMP),
    }),
    capacity: createCapacity({ clients }),
    journal,
    routerFor: await routersOf(world, { settings, routing: connection.routing, clients, beanstalk }),
    probe: world.probe,
    tests: world.tests,
    logs: createLogs({ clients, clock, download: world.download }),
    report,
    commit: environment.GITHUB_SHA || undefined,
    credentialsEnd: role ? undefined : endOfKeys(environment),
    cancelled: world.cancelled,
  }
}

/** What a router is made of. */
interface RouterParts {
  readonly settings: Settings
  readonly routing: Routing
  readonly clients: Clients
  readonly beanstalk: Beanstalk
}

/**
 * What moves production, as the inputs say. Its part of the SDK is run only where it is needed; it stays in the one file that
 * ships (`eager`), since the licenses of separate ones would get lost.
 */
async function routersOf(world: World, parts: RouterParts): Promise<Ports['routerFor']> {
  const { routing, clients, beanstalk } = parts
  switch (routing.by) {
    case 'cname-swap':
      return (pair) => cnameSwap({ clients, beanstalk, pair })
    case 'command':
      return commandRouters(world, { ...parts, routing })
    case 'route53': {
      const { recordRouters } = await import(/* webpackMode: "eager" */ './aws/route53/record-router.ts')
      const order = { ...routing, role: routing.role?.arn }
      return recordRouters({ clients, beanstalk, clock: world.clock, order })
    }
    case 'load-balancer': {
      const { loadBalancerWeights } = await import(/* webpackMode: "eager" */ './aws/load-balancer/router.ts')
      return (pair) => loadBalancerWeights({ clients, beanstalk, pair, clock: world.clock, ...routing })
    }
  }
}

/** What the commands may quote of the job's secrets is masked, in the log by the runner and in our own sentences by us. */
function commandRouters(
  { environment, toolkit, clock, command, cancelled }: World,
  { settings, routing, beanstalk }: RouterParts & { readonly routing: Routing & { readonly by: 'command' } },
): Ports['routerFor'] {
  const secrets = secretsAround(environment)
  for (const secret of secrets) toolkit.setSecret(secret)
  return (pair) =>
    commandRouter({
      ...routing,
      run: command,
      shell: settings.shell,
      beanstalk,
      pair,
      names: [settings.blueEnvironment, settings.greenEnvironment],
      clock,
      signal: cancelled,
      quote: (text) => oneLine(concealIn(text, secrets), 200).replaceAll('`', "'"),
    })
}
