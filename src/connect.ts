import { createBeanstalk } from './aws/beanstalk.ts'
import { createCapacity } from './aws/capacity.ts'
import { createClients } from './aws/clients.ts'
import { cnameSwap } from './aws/cname-swap.ts'
import { endOfKeys } from './aws/credentials.ts'
import { createLogs } from './aws/instance-logs.ts'
import { stateKey } from './aws/keys.ts'
import { createMemoryJournal } from './aws/memory-journal.ts'
import { createJournal } from './aws/pair-state.ts'
import { createStorage } from './aws/storage.ts'
import { createVersions } from './aws/versions.ts'
import { Failure } from './deployment/errors.ts'
import type { Holder, Ports, TrafficRouter } from './deployment/ports.ts'
import type { Settings } from './deployment/settings.ts'
import { idToken } from './github/id-token.ts'
import { createReport } from './github/reporter.ts'
import type { Routing } from './inputs/routing.ts'
import type { Connection } from './inputs.ts'
import { pack } from './system/bundle-file.ts'
import type { World } from './world.ts'

/** Everything that the domain needs, built from the world. The only place that knows all adapters. */
export function connect(
  world: World,
  { settings, connection, holder }: { settings: Settings; connection: Connection; holder: Holder },
): Ports {
  const { clock, random, environment, awsRequestHandler, toolkit } = world
  const { application } = settings
  const { region, role } = connection
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
    routerFor: (pair) => routerOf(connection.routing, { clients, beanstalk, pair }),
    probe: world.probe,
    tests: world.tests,
    logs: createLogs({ clients, clock, download: world.download }),
    report,
    commit: environment.GITHUB_SHA || undefined,
    credentialsEnd: role ? undefined : endOfKeys(environment),
    cancelled: world.cancelled,
  }
}

/** What moves production, as the inputs say. */
function routerOf(routing: Routing, parts: Parameters<typeof cnameSwap>[0]): TrafficRouter {
  switch (routing.by) {
    case 'cname-swap':
      return cnameSwap(parts)
    case 'route53':
    case 'load-balancer':
    case 'command':
      throw new Failure(`\`traffic: ${routing.by}\` is not there yet.`)
  }
}
