import type { AppRequest, AppResponse } from '../data-plane/data-plane.ts'
import type { Action, RedirectConfig } from './model.ts'

/** An answer of the load balancer's own. */
export const plain = (status: number, body: string): AppResponse => ({
  status,
  headers: { 'content-type': 'text/plain' },
  body,
})

/** What an action of type `fixed-response` answers. */
export function fixedResponse({ FixedResponseConfig: config }: Action): AppResponse {
  const { StatusCode = '200', ContentType = 'text/plain', MessageBody = '' } = config ?? {}
  return { status: Number(StatusCode), headers: { 'content-type': ContentType }, body: MessageBody }
}

/** Where the request came in. */
export interface Entrance {
  readonly protocol: string
  readonly port: number
}

/** What an action of type `redirect` answers: parts of the URL that it does not name stay. [ALB:load-balancer-listeners] */
export function redirect(config: RedirectConfig, request: AppRequest, entrance: Entrance): AppResponse {
  const [path = '/', query = ''] = request.path.split('?')
  const host = request.host.replace(/:\d+$/, '')
  const fill = (text: string) =>
    text
      .replaceAll('#{protocol}', entrance.protocol)
      .replaceAll('#{host}', host)
      .replaceAll('#{port}', String(entrance.port))
      .replaceAll('#{path}', path.replace(/^\//, ''))
      .replaceAll('#{query}', query)
  const { Protocol = '#{protocol}', Host = '#{host}', Port = '#{port}' } = config
  const { Path = '/#{path}', Query = '#{query}' } = config
  const asked = fill(Query)
  const location = `${fill(Protocol).toLowerCase()}://${fill(Host)}:${fill(Port)}${fill(Path)}${asked && `?${asked}`}`
  return { status: config.StatusCode === 'HTTP_301' ? 301 : 302, headers: { location }, body: '' }
}

/**
 * What an authentication action does with a request without a session: on to the login, through, or 401. Every session
 * cookie is believed. [ALB:listener-authenticate-users]
 */
export function authenticate(action: Action, request: AppRequest): AppResponse | undefined {
  const { AuthenticateOidcConfig: oidc, AuthenticateCognitoConfig: cognito } = action
  const { SessionCookieName = 'AWSELBAuthSessionCookie', OnUnauthenticatedRequest } = oidc ?? cognito ?? {}
  const cookies = Object.entries(request.headers ?? {}).find(([name]) => name.toLowerCase() === 'cookie')
  if (cookies?.[1].includes(`${SessionCookieName}-0=`)) return undefined
  if (OnUnauthenticatedRequest === 'allow') return undefined
  if (OnUnauthenticatedRequest === 'deny') return plain(401, '401 Authorization Required')
  const login = oidc?.AuthorizationEndpoint ?? `https://${cognito?.UserPoolDomain}/oauth2/authorize`
  const id = oidc?.ClientId ?? cognito?.UserPoolClientId ?? ''
  const back = `https://${request.host}/oauth2/idpresponse`
  const query = new URLSearchParams({
    client_id: id,
    redirect_uri: back,
    response_type: 'code',
    scope: 'openid',
  })
  return { status: 302, headers: { location: `${login}?${query}` }, body: '' }
}
