import { messageOf, Refused, Unreachable } from '../deployment/errors.ts'
import type { Toolkit } from '../world.ts'

type Variables = Readonly<Record<string, string | undefined>>

/**
 * GitHub's word for who this job is, addressed to `audience`. Throws Refused when the job may not have one, Unreachable
 * when GitHub does not answer.
 */
export async function idToken(
  toolkit: Pick<Toolkit, 'getIDToken'>,
  environment: Variables,
  audience: string,
): Promise<string> {
  if (!environment.ACTIONS_ID_TOKEN_REQUEST_URL || !environment.ACTIONS_ID_TOKEN_REQUEST_TOKEN)
    throw new Refused('`role-to-assume` needs an ID token of GitHub, and this job may not have one.', [
      {
        why: 'Add the line `id-token: write` to the `permissions:` of the job or the workflow (and `contents: read`, which is not given any more as soon as anything is listed there). Pull requests from forks never get one.',
      },
    ])
  try {
    return await toolkit.getIDToken(audience)
  } catch (thrown) {
    throw new Unreachable(`GitHub gave no ID token: ${messageOf(thrown)}`)
  }
}
