import { Failure, NoRoom, type Remedy } from '../errors.ts'
import type { Bundle, Version } from '../ports.ts'
import type { Run } from '../run.ts'
import { warn } from '../run.ts'
import { maybe } from '../sent-once.ts'
import { shellWord } from '../shell-word.ts'
import { waitUntil } from '../wait-until.ts'

/** Which version is wanted, and what it is made of when it may not exist yet. */
export interface Wanted {
  readonly version: string
  readonly package: string | undefined
}

/** Makes sure that the version exists, with this content, and can be deployed. Running it twice is harmless. */
export async function publishVersion(run: Run, wanted: Wanted): Promise<void> {
  const existing = await existingVersion(run, wanted)
  if (wanted.package === undefined) refuseMissing(run, wanted, existing)
  else await publish(run, { label: wanted.version, path: wanted.package, existing })
  if (existing?.state !== 'deployable') await processed(run, wanted.version)
}

const existingVersion = (run: Run, { version, package: path }: Wanted): Promise<Version | undefined> =>
  path === undefined ? run.ports.versions.read(version) : run.ports.versions.read(version, 'with its digest')

function refuseMissing(run: Run, { version }: Wanted, existing: Version | undefined): void {
  if (existing) return
  const { application } = run.settings
  throw new Failure(
    `Version ${version} does not exist in ${application}, and there is no \`package\` to make it from.`,
    [
      {
        why: 'Give `package` (a zip, war, jar or folder), or a version that exists:',
        command: listVersions(application),
      },
    ],
  )
}

const listVersions = (application: string) =>
  `aws elasticbeanstalk describe-application-versions --application-name ${application} --query 'ApplicationVersions[].[VersionLabel,DateCreated]' --output table`

async function publish(
  run: Run,
  { label, path, existing }: { label: string; path: string; existing: Version | undefined },
): Promise<void> {
  const bundle = await run.ports.versions.open(path, label)
  try {
    if (existing) refuseOther(run, { label, existing, bundle })
    else await create(run, label, bundle)
  } finally {
    await bundle.close()
  }
}

/** A label means one content for ever: another content under it would be deployed as what it is not. */
function refuseOther(
  run: Run,
  { label, existing, bundle }: { label: string; existing: Version; bundle: Bundle },
): void {
  if (existing.digest === bundle.digest) {
    run.ports.report.line(`Version ${label} exists with the same content.`)
    return
  }
  if (existing.digest === undefined) {
    warn(
      run,
      `Version ${label} exists already and was not published by this action: whether it has the content of the package is not known.`,
    )
    return
  }
  throw new Failure(
    `Version ${label} exists already with other content. A version label never changes what it means.`,
    [
      {
        why: 'Give the new content a label of its own, for example the commit: `github.sha`.',
      },
    ],
  )
}

async function create(run: Run, label: string, bundle: Bundle): Promise<void> {
  const { versions, report } = run.ports
  report.line(`Uploading ${inBytes(bundle.bytes)}.`)
  run.signal.throwIfAborted()
  const source = await bundle.upload()
  const version = { label, description: run.settings.versionDescription, digest: bundle.digest, source }
  const send = async () => {
    run.signal.throwIfAborted()
    await versions.create(version).catch((thrown: unknown) => {
      if (!(thrown instanceof NoRoom)) throw thrown
      throw new Failure(thrown.message, noRoom(run.settings.application))
    })
    return true
  }
  if (!(await maybe(send)) && !(await versions.read(label))) await send()
  report.line(`Version ${label} is created.`)
}

/** One quota for all applications of a region; a version that an environment uses is never deleted. (A.5) */
const noRoom = (application: string): readonly Remedy[] => [
  {
    why: 'Delete versions that no environment runs and nobody goes back to (Beanstalk refuses to delete one in use). The oldest ones:',
    command: `aws elasticbeanstalk describe-application-versions --application-name ${shellWord(application)} --query 'sort_by(ApplicationVersions,&DateCreated)[:20].[VersionLabel,DateCreated]' --output table`,
  },
  {
    why: 'One of them (its bundle stays in S3):',
    command: `aws elasticbeanstalk delete-application-version --application-name ${shellWord(application)} --version-label LABEL`,
  },
  {
    why: 'Or let Beanstalk do it, by a lifecycle rule of the application (console: Application versions, Settings); or ask for a larger quota. Versions of other applications of the region count as well.',
  },
]

const inBytes = (bytes: number): string =>
  bytes < 2 ** 20 ? `${Math.ceil(bytes / 1024)} KiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`

async function processed(run: Run, label: string): Promise<void> {
  await waitUntil(run, {
    sentence: `version ${label} is processed`,
    expected: 5_000,
    within: 10 * 60_000,
    look: async () => {
      const version = await run.ports.versions.read(label)
      if (version?.state === 'deployable') return { is: 'done', value: undefined }
      if (version?.state === 'failed')
        return { is: 'doomed', failure: unprocessable(run.settings.application, label) }
      return { is: 'waiting', saw: version ? 'it is being processed' : 'Beanstalk does not list it yet' }
    },
  })
}

const unprocessable = (application: string, label: string) =>
  new Failure(
    `Beanstalk could not process version ${label}: its bundle, env.yaml or .ebextensions are not valid.`,
    [
      {
        why: 'See what Beanstalk says about it, mend it, and publish it under a new label:',
        command: `aws elasticbeanstalk describe-events --application-name ${shellWord(application)} --version-label ${shellWord(label)} --max-records 10`,
      },
    ],
  )
