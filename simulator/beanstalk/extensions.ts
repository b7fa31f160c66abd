import { parse } from 'yaml'
import type { Bundle } from '../data-plane/data-plane.ts'
import { zipTexts } from './zip-files.ts'

/**
 * `Resources: AWSEBAutoScalingGroup: Properties: TargetGroupARNs` of the bundle's `.ebextensions/*.config` (YAML or JSON): what it
 * says takes the place of what Beanstalk's own template says; of several files the last one counts (assumed).
 * [DG:customize-containers-format-resources-eb] [blog.raulnq.com aws-elastic-beanstalk-how-to-include-an-additional-application-load-balancer]
 */
export function targetGroupsOf({ content }: Bundle): unknown {
  if (!content || !Buffer.from(content).includes('.ebextensions/')) return undefined
  const files = [...zipTexts(content, /^\.ebextensions\/[^/]+\.config$/)].sort(([one], [other]) =>
    one < other ? -1 : 1,
  )
  return files.map(([name, text]) => propertyOf(read(name, text))).findLast((value) => value !== undefined)
}

/** A file that cannot be read. */
export class ExtensionBroken extends Error {}

function read(name: string, text: string): unknown {
  try {
    return parse(text, { logLevel: 'error' })
  } catch (error) {
    const [why] = (error as Error).message.split('\n')
    throw new ExtensionBroken(`The configuration file ${name} in application version is not valid: ${why}`)
  }
}

const propertyOf = (file: unknown): unknown =>
  ['Resources', 'AWSEBAutoScalingGroup', 'Properties', 'TargetGroupARNs'].reduce<unknown>(
    (value, key) => (isObject(value) ? value[key] : undefined),
    file,
  )

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null
