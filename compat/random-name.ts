/** The name that a server makes up for a run that came without one: two words. */
export const RANDOM_NAME = /^[a-z]+-[a-z]+$/
