import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'packages/{schemas,orchestration,sdk,cli}/{src,tests}/**/*.test.ts',
            'compat/**/*.test.ts',
          ],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'server',
          include: ['packages/server/{src,tests}/**/*.test.ts', 'tests/**/*.test.ts'],
          globalSetup: ['packages/server/tests/helpers/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
