import { invalid } from './errors.ts'

/** The platforms of the simulated region, newest first. */
export const stacks: readonly string[] = [
  '64bit Amazon Linux 2023 v6.6.1 running Node.js 22',
  '64bit Amazon Linux 2023 v6.5.2 running Node.js 22',
  '64bit Amazon Linux 2023 v6.6.1 running Node.js 20',
  '64bit Amazon Linux 2023 v4.7.1 running Python 3.13',
  '64bit Amazon Linux 2023 v4.7.1 running Docker',
  '64bit Amazon Linux 2023 v4.6.1 running Corretto 21',
]

/** The platform that environments of tests get. */
export const defaultStack = stacks[0] as string

/** `ListAvailableSolutionStacks`. [BC:elasticbeanstalk] */
export function listAvailableSolutionStacks() {
  return {
    SolutionStacks: stacks,
    SolutionStackDetails: stacks.map((SolutionStackName) => ({
      SolutionStackName,
      PermittedFileTypes: ['zip'],
    })),
  }
}

/** The platform's ARN, as EnvironmentDescription shows it. [CLI:tests/unit/mock_responses.py] */
export function platformArn(region: string, stack: string): string {
  const [, system, version, language] = /^(.*) v([\d.]+) running (.*)$/.exec(stack) ?? []
  return `arn:aws:elasticbeanstalk:${region}::platform/${language} running on ${system}/${version}`
}

/** The stack that a call asks for by name or by ARN; undefined when it asks for none. */
export function stackOf(
  region: string,
  { SolutionStackName, PlatformArn }: { SolutionStackName?: string; PlatformArn?: string },
): string | undefined {
  if (SolutionStackName === undefined && PlatformArn === undefined) return undefined
  const found = stacks.find(
    (stack) => stack === SolutionStackName || platformArn(region, stack) === PlatformArn,
  )
  if (found) return found
  throw invalid(
    SolutionStackName === undefined
      ? `No Platform named '${PlatformArn}' found.`
      : `No Solution Stack named '${SolutionStackName}' found.`,
  )
}
