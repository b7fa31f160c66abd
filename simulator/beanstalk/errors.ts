import { AwsError } from '../cloud.ts'

/** `InvalidParameterValue`, the code of nearly everything that Beanstalk refuses: only the text tells. */
export function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValue', message)
}

/** The answer for an environment that an operation is at work on. [CLI:ebcli/resources/strings.py env.invalidstate] */
export function mustBeReady(name: string): AwsError {
  return invalid(`Environment named ${name} is in an invalid state for this operation. Must be Ready.`)
}

/** The answer for an option that does not exist. [CLI:tests/unit/mock_responses.py] */
export function unknownOption(namespace: string, option: string): AwsError {
  return new AwsError(
    'ConfigurationValidationException',
    `Configuration validation exception: Invalid option specification (Namespace: '${namespace}', OptionName: '${option}'): Unknown configuration setting.`,
  )
}

/** A CNAME that somebody has. [CLI:ebcli/resources/strings.py env.cnamenotavailable] */
export function notAvailable(cname: string): AwsError {
  return invalid(`DNS name (${cname}) is not available.`)
}

/** A required member is missing. */
export function missing(member: string): AwsError {
  return new AwsError('MissingParameter', `The request must contain the parameter ${member}.`)
}
