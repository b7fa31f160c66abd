type Variables = Readonly<Record<string, string | undefined>>

/**
 * The environment that a `run:` step in this place would have, plus `added`. What only actions get (their inputs,
 * their saved state, the runner's own tokens) is left out. AWS credentials stay, as they would in a `run:` step:
 * tests look into queues and tables, and whoever may write the test command may write such a step. So does a
 * GITHUB_TOKEN, which is there only if the workflow put it there.
 */
export function testEnvironment(environment: Variables, added: Readonly<Record<string, string>>): Variables {
  const kept = Object.entries(environment).filter(([name]) => !isOnlyForActions(name))
  return { ...Object.fromEntries(kept), ...added }
}

const isOnlyForActions = (name: string): boolean =>
  /^(INPUT_|STATE_|ACTIONS_RUNTIME_|ACTIONS_ID_TOKEN_REQUEST_)/i.test(name) ||
  /^(ACTIONS_CACHE_URL|ACTIONS_RESULTS_URL|GITHUB_STATE)$/i.test(name)
