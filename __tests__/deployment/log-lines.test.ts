import { expect, it } from 'vitest'
import { linesThatMatter } from '../../src/deployment/log-lines.ts'

const rule = '-'.repeat(40)
const part = (file: string, ...lines: readonly string[]) =>
  ['', '', rule, file, rule, ...lines, ''].join('\n')
const numbered = (count: number, text = 'line') =>
  Array.from({ length: count }, (_, index) => `${text} ${index + 1}`)

it('the deployment’s own errors come first, then the application, then the proxy’s errors', () => {
  const text = [
    part('/var/log/nginx/error.log', '2026/01/01 10:00:00 [error] 1#1: connect() failed'),
    part('/var/log/nginx/access.log', '10.0.0.1 - - "GET / HTTP/1.1" 502'),
    part('/var/log/web.stdout.log', 'Jan  1 10:00:00 ip web[1]: Error: no database'),
    part(
      '/var/log/eb-engine.log',
      '2026/01/01 10:00:00.0 [INFO] Running command /bin/sh -c npm install',
      '2026/01/01 10:00:01.0 [ERROR] An error occurred during execution of command [app-deploy]',
      'Stop running the command. Error: Command failed',
      '2026/01/01 10:00:02.0 [INFO] Executing instruction: GetTailLogs',
      '2026/01/01 10:00:02.0 [INFO] Running command /bin/sh -c tail -n 100 /var/log/nginx/error.log',
    ),
  ].join('')
  expect(linesThatMatter(text)).toEqual([
    '/var/log/eb-engine.log:',
    '2026/01/01 10:00:01.0 [ERROR] An error occurred during execution of command [app-deploy]',
    'Stop running the command. Error: Command failed',
    '/var/log/web.stdout.log:',
    'Jan  1 10:00:00 ip web[1]: Error: no database',
    '/var/log/nginx/error.log:',
    '2026/01/01 10:00:00 [error] 1#1: connect() failed',
  ])
})

it('Amazon Linux before 2 has fewer dashes and another name for the deployment’s log', () => {
  const text = `${'-'.repeat(37)}\n/var/log/eb-activity.log\n${'-'.repeat(37)}\n[2018-04-05T19:54:21Z] INFO  [3555] - Starting\n  npm ERR! missing script\n`
  expect(linesThatMatter(text)).toEqual(['/var/log/eb-activity.log:', '  npm ERR! missing script'])
})

it('a container’s output is the application’s', () => {
  const text = part('/var/log/eb-docker/containers/eb-current-app/eb-0a1b-stdouterr.log', 'panic: nil map')
  expect(linesThatMatter(text)).toContain('panic: nil map')
})

it('of the system’s logs nothing is shown, of unknown ones what speaks of trouble', () => {
  const text = [
    part('/var/log/messages', 'error: systemd is fine'),
    part('/var/log/healthd/daemon.log', 'error'),
    part('/var/log/sqsd/default.log', 'start', 'ERROR: no queue'),
    part('/var/log/empty/error.log'),
  ].join('')
  expect(linesThatMatter(text)).toEqual(['/var/log/sqsd/default.log:', 'ERROR: no queue'])
})

it('a log without parts is the application’s; dashes alone make none', () => {
  expect(linesThatMatter(`one\n${rule}\nlast`)).toEqual(['one', rule, 'last'])
  expect(linesThatMatter('')).toEqual([])
})

it('the last lines of the application are shown, forty altogether', () => {
  const long = [
    part('/var/log/eb-engine.log', ...numbered(50, 'ERROR')),
    part('/var/log/web.stdout.log', ...numbered(200)),
    part('/var/log/web.stderr.log', ...numbered(200, 'again')),
  ].join('')
  const shown = linesThatMatter(long)
  expect(shown).toHaveLength(40)
  expect(shown).toContain('line 200')
  expect(shown).not.toContain('line 176')
})

it('a long line is cut, and so is the whole', () => {
  const shown = linesThatMatter(numbered(24, 'x'.repeat(1_000)).join('\n'))
  expect(shown[0]).toHaveLength(400)
  expect(shown[0]?.at(-1)).toBe('…')
  expect(shown.join('\n').length).toBeLessThanOrEqual(8_000)
})
