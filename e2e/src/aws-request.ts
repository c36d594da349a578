/** A request as far as its required permissions depend on it. */
export interface AwsRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** `AWSGlue.StartJobRun`; null for REST and query protocols. */
  readonly operation: string | null;
  /** Present only if the operation or `?delete` needs it. */
  readonly body: string;
  readonly account: string;
  readonly region: string;
}

/** An IAM permission that a request requires. */
export interface Permission {
  readonly action: string;
  readonly resource: string;
}
