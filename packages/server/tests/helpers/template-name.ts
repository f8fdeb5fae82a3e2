/** The migrated database that tests clone. */
export const TEMPLATE = 'reeve_template'
