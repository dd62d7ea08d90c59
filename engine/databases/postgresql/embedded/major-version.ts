/** The major version of the PostgreSQL that is built in. */
export const embeddedMajor = 18;
