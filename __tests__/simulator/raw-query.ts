import type { Simulator } from '../../simulator/simulator.ts'
import { amzDate } from '../../simulator/wire/authorization.ts'

/** A signed request of the query protocol in a form that no SDK here would send; answers status and body. */
export async function rawQuery(
  { cloud, handle }: Pick<Simulator, 'cloud' | 'handle'>,
  form: Readonly<Record<string, string>>,
  service = 'elasticbeanstalk',
): Promise<{ readonly status: number; readonly text: string }> {
  const outcome = await handle({
    method: 'POST',
    path: '/',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=test/20260105/us-east-1/${service}/aws4_request, Signature=0`,
      'x-amz-date': amzDate(cloud.clock.now()),
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: Buffer.from(new URLSearchParams(form).toString()),
  })
  if (typeof outcome === 'string') throw new Error(`the request got no answer: ${outcome}`)
  return { status: outcome.status, text: Buffer.from(outcome.body).toString('utf8') }
}
