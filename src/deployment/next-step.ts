import type { Run } from './run.ts'

/** The inputs of a step that goes on with this version in this pair, as lines of a workflow. */
export function nextStep({ settings }: Run, operation: 'verify' | 'promote'): string {
  const { application, blueEnvironment, greenEnvironment, version, healthPath } = settings
  const inputs = {
    operation,
    application,
    'blue-environment': blueEnvironment,
    'green-environment': greenEnvironment,
    ...namesOf(settings),
    version,
    'health-path': healthPath,
  }
  return Object.entries(inputs)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${scalar(value)}`]))
    .join('\n')
}

/** What says where production is. */
const namesOf = ({ trafficInputs, productionName }: Run['settings']) =>
  'traffic' in trafficInputs ? trafficInputs : { 'production-cname': productionName }

/** A value in YAML. JSON's strings are YAML's, too; without its expressions, which GitHub would evaluate. */
export const scalar = (value: string): string =>
  /^[A-Za-z/][\w./-]*$/.test(value) ? value : JSON.stringify(value).replaceAll('${{', '$ {{')
