import { AwsError, type Call } from '../cloud.ts'
import { mustBeReady } from './errors.ts'
import { sayer } from './events.ts'
import { begin, show } from './operation.ts'
import type { Environment, Region, Tags } from './region.ts'
import { type TagInput, tagList, tagsFrom } from './tag-input.ts'
import { timeline } from './timeline.ts'

/** Of the 50 tags of a resource three are Beanstalk's own. [DG:using-features.tagging] */
const mostTags = 47

/** `ListTagsForResource`, the system's own tags included. [CLI:tests/unit/mock_responses.py:3787] */
export function listTagsForResource(region: Region, { ResourceArn }: { ResourceArn: string }) {
  return { ResourceArn, ResourceTags: tagList(taggedOf(region, ResourceArn).tags) }
}

/**
 * `UpdateTagsForResource`: immediate, except on an environment, where it is an update like any other.
 * [CLI:ebcli/operations/tagops.py] [TF issues #31575, #32284]
 */
export function updateTagsForResource(region: Region, input: UpdateInput, call: Call): undefined {
  const { ResourceArn, TagsToAdd = [], TagsToRemove = [] } = input
  const tagged = taggedOf(region, ResourceArn)
  const added = tagsFrom(TagsToAdd)
  const own = [...tagged.tags.keys()].filter((key) => key !== 'Name' && !key.startsWith('elasticbeanstalk:'))
  const wanted = new Set([...own.filter((key) => !TagsToRemove.includes(key)), ...added.keys()])
  if (wanted.size > mostTags) {
    throw new AwsError('TooManyTagsException', 'The number of tags in the resource would exceed the limit.')
  }
  const change = () => {
    for (const key of TagsToRemove) tagged.tags.delete(key)
    for (const [key, value] of added) tagged.tags.set(key, value)
  }
  if (!tagged.environment) return void change()
  const environment = tagged.environment
  requireIdle(region, environment)
  begin(region, environment, {
    status: 'Updating',
    call,
    course: async () => {
      await updateTags(region, environment, call)
      change()
      return undefined
    },
  })
}

interface UpdateInput {
  readonly ResourceArn: string
  readonly TagsToAdd?: readonly TagInput[]
  readonly TagsToRemove?: readonly string[]
}

function requireIdle({ cloud }: Region, environment: Environment): void {
  if (!environment.busy && environment.status === 'Ready') return
  const busy = mustBeReady(environment.name)
  throw cloud.switches.tagsWhenBusy === 'InvalidParameterValue'
    ? busy
    : new AwsError('OperationInProgressFailure', busy.message)
}

/** 60 to 90 s. [INF] */
async function updateTags(region: Region, environment: Environment, call: Call): Promise<void> {
  const line = sayer(region, environment, call)
  const until = timeline(region)
  line.info('Environment tag update is starting.')
  await show(region, environment, {
    status: 'Info',
    causes: ['Environment tag update in progress.'],
    judged: true,
  })
  await until(75)
  line.info('Environment tag update completed successfully.')
}

interface Tagged {
  readonly tags: Tags
  readonly environment?: Environment
}

function taggedOf(region: Region, arn: string): Tagged {
  const { cloud } = region
  const [, kind, rest = ''] = /^arn:[^:]+:elasticbeanstalk:[^:]*:[^:]*:([a-z]+)\/(.*)$/.exec(arn) ?? []
  const slash = rest.indexOf('/')
  const application = region.applications.get(slash < 0 ? rest : rest.slice(0, slash))
  const name = rest.slice(slash + 1)
  const found = ((): Tagged | undefined => {
    switch (kind) {
      case 'application':
        return application
      case 'applicationversion':
        return application?.versions.get(name)
      case 'configurationtemplate':
        return application?.templates.get(name)
      case 'environment': {
        const environment = region.environments.find(
          (one) => one.status !== 'Terminated' && one.application === application?.name && one.name === name,
        )
        return environment && { tags: environment.tags, environment }
      }
      default:
        throw new AwsError(
          'ResourceTypeNotSupportedException',
          `The type of the resource is not supported: ${arn}`,
        )
    }
  })()
  const isOurs = arn.split(':')[3] === cloud.region && arn.split(':')[4] === cloud.account
  if (found && isOurs) return found
  throw new AwsError('ResourceNotFoundException', `Resource not found for arn '${arn}'.`)
}
