import { invalid } from './errors.ts'
import type { Region } from './region.ts'

/** The platforms that every simulated region begins with. */
export const firstStacks: readonly string[] = [
  '64bit Amazon Linux 2023 v6.6.1 running Node.js 22',
  '64bit Amazon Linux 2023 v6.5.2 running Node.js 22',
  '64bit Amazon Linux 2023 v6.6.1 running Node.js 20',
  '64bit Amazon Linux 2023 v4.7.1 running Python 3.13',
  '64bit Amazon Linux 2023 v4.7.1 running Docker',
  '64bit Amazon Linux 2023 v4.6.1 running Corretto 21',
]

/** The platform that environments of tests get. */
export const defaultStack = firstStacks[0] as string

/** `ListAvailableSolutionStacks`. [BC:elasticbeanstalk] */
export function listAvailableSolutionStacks({ stacks }: Region) {
  return {
    SolutionStacks: [...stacks],
    SolutionStackDetails: stacks.map((SolutionStackName) => ({
      SolutionStackName,
      PermittedFileTypes: ['zip'],
    })),
  }
}

/** A solution stack's name in its parts, for example system `64bit Amazon Linux 2023`, version 6.6.1, language `Node.js 22`. */
export function partsOf(stack: string) {
  const [, system = '', version = '', language = ''] = /^(.*) v([\d.]+) running (.*)$/.exec(stack) ?? []
  return { system, version, language }
}

/** The platform's ARN, as EnvironmentDescription shows it. [CLI:tests/unit/mock_responses.py] */
export function platformArn(region: string, stack: string): string {
  return `arn:aws:elasticbeanstalk:${region}::platform/${branchOf(stack)}/${partsOf(stack).version}`
}

/** The platform branch of a stack: `Node.js 22 running on 64bit Amazon Linux 2023`. [CLI:tests/unit/objects/test_platform.py] */
export function branchOf(stack: string): string {
  const { system, language } = partsOf(stack)
  return `${language} running on ${system}`
}

/** The stack that a call asks for by name or by ARN; undefined when it asks for none. */
export function stackOf(
  { cloud, stacks }: Region,
  { SolutionStackName, PlatformArn }: { SolutionStackName?: string; PlatformArn?: string },
): string | undefined {
  if (SolutionStackName === undefined && PlatformArn === undefined) return undefined
  const found = stacks.find(
    (stack) => stack === SolutionStackName || platformArn(cloud.region, stack) === PlatformArn,
  )
  if (found) return found
  throw invalid(
    SolutionStackName === undefined
      ? `No Platform named '${PlatformArn}' found.`
      : `No Solution Stack named '${SolutionStackName}' found.`,
  )
}
