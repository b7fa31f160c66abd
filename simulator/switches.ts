/**
 * Where AWS's behaviour is not confirmed by any public source, the simulator can do either. Every switch names the
 * open question; the simulator's README gives the sources.
 */
export interface Switches {
  /** Does a swap put both environments into `Updating`, or leave them `Ready`? */
  readonly statusWhileSwapping: 'Updating' | 'Ready'
  /** Does AbortEnvironmentUpdate put the environment into `Aborting`, or does it stay `Updating` until it is Ready? */
  readonly statusWhileAborting: 'Aborting' | 'Updating'
  /** Is a swap refused when an environment is Red? */
  readonly swapWhenRed: 'allowed' | 'refused'
  /** How names of load-balanced environments are answered: a CNAME to the load balancer, or its addresses. */
  readonly namesOfLoadBalanced: 'cname' | 'address'
  /** Is an UpdateEnvironment with a version and option settings together refused (InvalidParameterCombination)? */
  readonly versionWithOptions: 'allowed' | 'refused'
  /** Is deploying the label that already runs carried out again, or answered without doing anything? */
  readonly sameVersionAgain: 'deployed' | 'ignored'
  /** How long DescribeEnvironments goes on showing the old state after a change, at most, in ms. */
  readonly staleReadsMs: number
  /** Can a configuration template be made from an environment that is not Ready? */
  readonly templateFromBusy: 'allowed' | 'refused'
  /** Is a version that a Ready environment runs deleted by DeleteApplicationVersion all the same, or kept by a refusal? */
  readonly versionInUse: 'deleted' | 'kept'
  /** What PutObject with If-Match answers when the key does not exist. */
  readonly ifMatchOnMissingKey: 404 | 412
  /** What UpdateTagsForResource answers for a busy environment. */
  readonly tagsWhenBusy: 'OperationInProgressFailure' | 'InvalidParameterValue'
  /** Are mutating Beanstalk calls in a bucket of their own of 2 a second, burst 15, or not throttled at all? */
  readonly mutatingCallsThrottled: boolean
  /** Can one batch of Route 53 change the TTL of a weighted pair by an UPSERT of both records? DELETE and CREATE of both can in any case. */
  readonly ttlOfPairInOneBatch: 'allowed' | 'refused'
  /** Is a target group in use, and so checked, when rules name it with a weight of 0 only? */
  readonly weightZero: 'in use' | 'unused'
  /** What a load balancer answers when the weights of an action sum up to 0: 503, or as if they were equal. */
  readonly allWeightsZero: '503' | 'equal'
  /** Within how many ms a change of rules reaches every node of its load balancer. */
  readonly rulesSpreadWithinMs: number
}

/** The answers that public sources make likelier. */
export const likely: Switches = {
  statusWhileSwapping: 'Updating',
  statusWhileAborting: 'Aborting',
  swapWhenRed: 'allowed',
  namesOfLoadBalanced: 'cname',
  versionWithOptions: 'allowed',
  sameVersionAgain: 'deployed',
  staleReadsMs: 3_000,
  templateFromBusy: 'allowed',
  versionInUse: 'deleted',
  ifMatchOnMissingKey: 404,
  tagsWhenBusy: 'InvalidParameterValue',
  mutatingCallsThrottled: false,
  ttlOfPairInOneBatch: 'refused',
  weightZero: 'in use',
  allWeightsZero: '503',
  rulesSpreadWithinMs: 8_000,
}

/** The other answer to every question. */
export const unlikely: Switches = {
  statusWhileSwapping: 'Ready',
  statusWhileAborting: 'Updating',
  swapWhenRed: 'refused',
  namesOfLoadBalanced: 'address',
  versionWithOptions: 'refused',
  sameVersionAgain: 'ignored',
  staleReadsMs: 0,
  templateFromBusy: 'refused',
  versionInUse: 'kept',
  ifMatchOnMissingKey: 412,
  tagsWhenBusy: 'OperationInProgressFailure',
  mutatingCallsThrottled: true,
  ttlOfPairInOneBatch: 'allowed',
  weightZero: 'unused',
  allWeightsZero: 'equal',
  rulesSpreadWithinMs: 0,
}
