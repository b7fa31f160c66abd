import { AwsError } from '../../cloud.ts'

/** What is wrong with an option of a configuration. */
export interface OptionFault {
  readonly namespace: string
  readonly name: string
  readonly message: string
}

/** A value that cannot be, with the reason. The form: [log] [issue aws/aws-toolkit-eclipse#248]. */
export function valueFault(
  { namespace, name, value }: { namespace: string; name: string; value: string },
  why: string,
): OptionFault {
  const message = `Invalid option value: '${value}' (Namespace: '${namespace}', OptionName: '${name}'): ${why}`
  return { namespace, name, message }
}

/** The error that names a fault. [log] */
export function refuse({ message }: OptionFault): AwsError {
  return new AwsError('ConfigurationValidationException', `Configuration validation exception: ${message}`)
}
