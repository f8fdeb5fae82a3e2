/** A hundred years: the lease ends with the run that holds it, never by time. */
export const UNENDING_LEASE_SECONDS = 100 * 365 * 24 * 60 * 60
