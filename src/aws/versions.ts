import {
  type ApplicationVersionDescription,
  CreateApplicationVersionCommand,
  DescribeApplicationVersionsCommand,
  ListTagsForResourceCommand,
  UpdateTagsForResourceCommand,
} from '@aws-sdk/client-elastic-beanstalk'
import { Failure, NoRoom } from '../deployment/errors.ts'
import type { Verification, Version, Versions } from '../deployment/ports.ts'
import type { Clients } from './clients.ts'
import { isRefusedAs, reading, writing } from './errors.ts'
import type { Storage } from './storage.ts'
import { meaning } from './trouble.ts'
import { type BundleFile, uploadBundle } from './upload.ts'
import { type Tag, tagsOf, verificationIn } from './verification-tags.ts'

/** What the adapter works with. */
export interface VersionsParts {
  readonly clients: Clients
  readonly application: string
  readonly storage: Storage
  /** Makes one file of a package: a folder is zipped, a zip, war or jar is taken as it is. */
  readonly pack: (path: string) => Promise<BundleFile & { close(): Promise<void> }>
}

/** The tag of a version that says what is in it. */
const digestTag = 'blue-green:digest'

/** Application versions, known again by the digest in their tags. */
export function createVersions(parts: VersionsParts): Versions {
  const { clients, application, storage } = parts
  const read: Versions['read'] = async (label, asked) => {
    const found = await describeVersion(clients, application, label)
    return found && { ...toVersion(label, found), digest: asked && (await digestOf(clients, found)) }
  }
  return {
    read,
    async verified(label) {
      const found = await describeVersion(clients, application, label)
      return found && verificationIn(await tagsIn(clients, found))
    },
    remember: (label, verification) => remember(parts, label, verification),
    async open(path, label) {
      const file = await parts.pack(path)
      const key = `${application}/${label}-${file.digest.slice(0, 12)}.${file.extension}`
      return {
        digest: file.digest,
        bytes: file.bytes,
        upload: () => uploadBundle({ clients, storage }, file, key),
        close: () => file.close(),
      }
    },
    async create({ label, description, digest, source }) {
      const input = {
        ApplicationName: application,
        VersionLabel: label,
        // At most 200 characters. [BC:elasticbeanstalk Description]
        Description: description.slice(0, 200),
        SourceBundle: { S3Bucket: source.bucket, S3Key: source.key },
        AutoCreateApplication: false,
        Process: true,
        Tags: [{ Key: digestTag, Value: digest }],
      }
      try {
        await writing(
          { to: `create version ${label}`, action: 'elasticbeanstalk:CreateApplicationVersion' },
          () => clients.beanstalk.send(new CreateApplicationVersionCommand(input)),
        )
      } catch (thrown) {
        if (isRefusedAs(thrown, /cannot have more than \d+ Application Versions/))
          throw new NoRoom((thrown as Error).message)
        // A lost answer that was asked for again, or another run with the same content. (A.3)
        if (!isRefusedAs(thrown, /Application Version .* already exists/)) throw thrown
        if ((await read(label, 'with its digest'))?.digest !== digest) throw thrown
      }
    },
  }
}

async function describeVersion(
  clients: Clients,
  application: string,
  label: string,
): Promise<ApplicationVersionDescription | undefined> {
  const { ApplicationVersions = [] } = await reading(
    { to: `look for version ${label}`, action: 'elasticbeanstalk:DescribeApplicationVersions' },
    () =>
      clients.beanstalk.send(
        new DescribeApplicationVersionsCommand({ ApplicationName: application, VersionLabels: [label] }),
      ),
  )
  return ApplicationVersions.find(({ VersionLabel }) => VersionLabel === label)
}

const toVersion = (label: string, found: ApplicationVersionDescription): Omit<Version, 'digest'> => ({
  label,
  state: stateOf(found),
  created: found.DateCreated?.getTime() ?? 0,
})

/** Sent in upper case, modelled in mixed case. An unprocessed version can be deployed; one being processed cannot. (A.5) */
function stateOf({ Status = 'Unprocessed' }: ApplicationVersionDescription): Version['state'] {
  switch (Status.toUpperCase()) {
    case 'FAILED':
      return 'failed'
    case 'PROCESSING':
    case 'BUILDING':
      return 'processing'
    default:
      return 'deployable'
  }
}

async function digestOf(clients: Clients, found: ApplicationVersionDescription): Promise<string | undefined> {
  return (await tagsIn(clients, found)).find(({ Key }) => Key === digestTag)?.Value
}

async function tagsIn(
  clients: Clients,
  { ApplicationVersionArn, VersionLabel }: ApplicationVersionDescription,
): Promise<readonly Tag[]> {
  if (!ApplicationVersionArn) return []
  const answer = await reading(
    { to: `read the tags of version ${VersionLabel}`, action: 'elasticbeanstalk:ListTagsForResource' },
    () =>
      clients.beanstalk
        .send(new ListTagsForResourceCommand({ ResourceArn: ApplicationVersionArn }))
        .catch(meaning(undefined, 'ResourceNotFoundException', 'ResourceTypeNotSupportedException')),
  )
  return answer?.ResourceTags ?? []
}

/** Tags of a version touch no environment, and are there at once. (A.13) */
async function remember(
  { clients, application }: VersionsParts,
  label: string,
  verification: Verification | undefined,
): Promise<void> {
  const found = await describeVersion(clients, application, label)
  if (!found?.ApplicationVersionArn)
    throw new Failure(`Version ${label} does not exist any more in ${application}.`)
  const input = { ResourceArn: found.ApplicationVersionArn, TagsToAdd: [...tagsOf(verification)] }
  await writing(
    {
      to: `write into the tags of version ${label} where it is verified`,
      action: 'elasticbeanstalk:AddTags',
    },
    () => clients.beanstalk.send(new UpdateTagsForResourceCommand(input)),
  )
}
