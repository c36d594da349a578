/** The credentials of a role's session. */
export type Credentials = { accessKeyId: string; secretAccessKey: string; sessionToken: string };
