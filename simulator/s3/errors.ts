import { AwsError } from '../cloud.ts'

/** S3's errors in its own words. [BC:s3] and the S3 API reference's list of error codes. */
export const s3Errors = {
  noSuchBucket: () => new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404),
  noSuchKey: () => new AwsError('NoSuchKey', 'The specified key does not exist.', 404),
  noSuchUpload: () =>
    new AwsError(
      'NoSuchUpload',
      'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
      404,
    ),
  preconditionFailed: () =>
    new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412),
  conditionalRequestConflict: () =>
    new AwsError(
      'ConditionalRequestConflict',
      'The conditional request cannot succeed due to a conflicting operation against this resource.',
      409,
    ),
  bucketAlreadyOwnedByYou: () =>
    new AwsError(
      'BucketAlreadyOwnedByYou',
      'Your previous request to create the named bucket succeeded and you already own it.',
      409,
    ),
  invalidBucketName: () => new AwsError('InvalidBucketName', 'The specified bucket is not valid.', 400),
  invalidRange: () => new AwsError('InvalidRange', 'The requested range is not satisfiable', 416),
  invalidPart: () =>
    new AwsError(
      'InvalidPart',
      "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
      400,
    ),
  invalidPartOrder: () =>
    new AwsError(
      'InvalidPartOrder',
      'The list of parts was not in ascending order. Parts must be ordered by part number.',
      400,
    ),
  entityTooSmall: () =>
    new AwsError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', 400),
  malformedXml: () =>
    new AwsError(
      'MalformedXML',
      'The XML you provided was not well-formed or did not validate against our published schema',
      400,
    ),
  incompleteBody: () =>
    new AwsError(
      'IncompleteBody',
      'You did not provide the number of bytes specified by the Content-Length HTTP header',
      400,
    ),
  badDigest: (what: string) =>
    new AwsError('BadDigest', `The ${what} you specified did not match the calculated checksum.`, 400),
  badContentMd5: () =>
    new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.', 400),
  invalidDigest: () => new AwsError('InvalidDigest', 'The Content-MD5 you specified was invalid.', 400),
  invalidChecksum: (header: string) =>
    new AwsError('InvalidRequest', `Value for ${header} header is invalid.`, 400),
  contentSha256Mismatch: () =>
    new AwsError(
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
      400,
    ),
  invalidArgument: (message: string) => new AwsError('InvalidArgument', message, 400),
  notImplemented: (what: string) => new AwsError('NotImplemented', what, 501),
} as const
