import { parse, stringify } from 'yaml'
import { invalid } from './errors.ts'
import type { Application, Region, Template } from './region.ts'
import { optionSettings, type Settings } from './settings.ts'
import { platformArn } from './stacks.ts'

/**
 * A template is a file in Beanstalk's bucket too, `resources/templates/APPLICATION/NAME`: the EB CLI fetches it from there
 * (`eb config save`) and puts a changed one back (`eb config put`). [DG:environment-configuration-savedconfig]
 * [CLI:ebcli/operations/saved_configs.py]
 */
export function writeSaved(region: Region, application: Application, template: Template): void {
  const { cloud, buckets } = region
  const bucket = bucketOf(region)
  if (!buckets.has(bucket)) buckets.create(bucket)
  const sections: Record<string, Record<string, string>> = {}
  for (const { ResourceName, Namespace = '', OptionName = '', Value = '' } of optionSettings(
    template.settings,
  )) {
    const section = ResourceName ? `${ResourceName}.${Namespace}` : Namespace
    sections[section] = { ...sections[section], [OptionName]: Value }
  }
  template.file = stringify({
    EnvironmentConfigurationMetadata: {
      Description: template.description ?? '',
      DateCreated: String(Math.round(template.createdAt)),
      DateModified: String(Math.round(template.updatedAt)),
    },
    Platform: { PlatformArn: platformArn(cloud.region, template.stack) },
    OptionSettings: sections,
    EnvironmentTier: { Type: 'Standard', Name: 'WebServer' },
    AWSConfigurationTemplateVersion: '1.1.0.0',
  })
  buckets.put(bucket, keyOf(application, template.name), new TextEncoder().encode(template.file))
}

/** Takes over what somebody has put into the file of a template since it was written. */
export function readSaved(region: Region, application: Application, template: Template): void {
  const content = region.buckets.read(bucketOf(region), keyOf(application, template.name))
  const text = content && new TextDecoder().decode(content)
  if (text === undefined || text === template.file) return
  template.file = text
  template.updatedAt = region.cloud.clock.now()
  template.settings = settingsOf(text)
}

/** The settings that a file says; `AWSEBAutoScalingGroup.aws:autoscaling:asg` is a resource's name and a namespace. */
function settingsOf(text: string): Settings {
  const file = attempt(() => parse(text))
  const sections = isRecord(file) ? (file.OptionSettings ?? {}) : undefined
  if (!isRecord(sections)) throw invalid('The saved configuration is not valid.')
  return new Map(
    Object.entries(sections).flatMap(([section, options]) =>
      Object.entries(isRecord(options) ? options : {}).map(([name, value]): [string, string] => [
        `${section.replace(/^[^.:]+\./, '')}|${name}`,
        String(value),
      ]),
    ),
  )
}

function attempt(work: () => unknown): unknown {
  try {
    return work()
  } catch {
    return undefined
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Removes the file with its template. */
export function removeSaved(region: Region, application: Application, name: string): void {
  region.buckets.remove(bucketOf(region), keyOf(application, name))
}

const bucketOf = ({ cloud }: Region) => `elasticbeanstalk-${cloud.region}-${cloud.account}`
const keyOf = ({ name }: Application, template: string) => `resources/templates/${name}/${template}`
