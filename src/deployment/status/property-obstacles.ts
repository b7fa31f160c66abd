import type { Find } from '../configured.ts'

const variables = 'aws:elasticbeanstalk:application:environment'

/** An image's name without a digest and with a tag that moves; the value may be a secret, so only its name is told. */
export const mutableImages: Find = ({ environment, options }) => {
  const names = options
    .filter(
      ({ namespace, value }) => namespace === variables && /^[\w./-]+(:\d+)?[\w./-]*:latest$/.test(value),
    )
    .map(({ name }) => `\`${name}\``)
  if (names.length === 0) return undefined
  return {
    what: `The environment properties ${names.join(', ')} of ${environment.name} name images by the tag \`latest\`: what Auto Scaling starts tomorrow, and what a rollback brings back, may be another image under the same version.`,
    mend: { why: 'Name images by their digest (`image@sha256:…`), in the version’s own bundle.' },
  }
}

/** Copied to the other environment, they would speak of this one. */
export const ownAddress: Find = ({ environment, options, moves }) => {
  const { id, endpoint } = environment
  const names = options
    .filter(
      ({ namespace, value }) =>
        namespace === variables &&
        (value.includes(id) || (endpoint !== undefined && value.includes(endpoint))),
    )
    .map(({ name }) => `\`${name}\``)
  if (names.length === 0) return undefined
  return {
    what: `The environment properties ${names.join(', ')} carry the id or the own address of ${environment.name}: in the other environment${moves === 'whole' ? ', and after a swap,' : ''} they are wrong.`,
    mend: { why: 'Use the production address there, or a value that is the same for both environments.' },
  }
}
