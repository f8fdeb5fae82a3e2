export interface Example {
  /** What the program prints, line by line; other lines may be between them. */
  prints: readonly (string | RegExp)[]
  /** Of Node, before the file. */
  flags?: readonly string[]
  /** Needs a Python that has Prefect. */
  python?: boolean
}

/** The programs by their files, and how to tell that each did what it shows. */
export const EXAMPLES: { readonly [file: string]: Example } = {
  'hello.ts': { prints: ['Hello, Ada!', 'Hello, Grace!'] },
  'etl.ts': {
    prints: ['extracted 2026-01-31', /^\[ { city: 'Oslo', total: 42 }/, /^\[ { city: 'Oslo', total: 42 }/],
  },
  'fan-out.ts': {
    prints: ['{ bytes: 4980000, broken: [ 250, 500, 750, 1000 ] }', 'never more than 50 at a time'],
  },
  'approval.ts': { prints: ['v1.2 is live', 'v1.2 was refused: it is Friday'] },
  'saga.ts': {
    prints: ['booked   flight', 'booked   hotel', 'canceled hotel', 'canceled flight', 'still booked: 0'],
  },
  'orders.ts': {
    prints: [
      'reserve order-7',
      'charge order-7',
      'the worker died of SIGKILL',
      'ship order-7',
      "[ 'reserve by process 1', 'charge by process 1', 'ship by process 2' ]",
    ],
  },
  'resume.ts': {
    prints: [
      'First try: Failed',
      /─ download-0 .*Completed/,
      'Resumed:',
      /─ download-0 .*Completed/,
      /─ save-0 .*Completed/,
    ],
  },
  'background.ts': {
    prints: [
      '3 runs wait for a worker',
      "[ 'cat-80.png', 'dog-80.png', 'owl-120.png' ]",
      'the worker is gone',
    ],
  },
  'scraping.ts': { prints: ["  'Page 3',", /answered 404/, "  'Page 12'", '13 requests, spread over time'] },
  'subflows.ts': { prints: [/reports: .*emea.*apac/, /us has only 200 orders/] },
  'agent.ts': { prints: ['weather(Oslo) → -4 °C, snow', /search.* → failed/, /^Go to Lisbon/] },
  'time-travel.test.ts': { prints: ['# pass 4', '# fail 0'], flags: ['--test', '--test-reporter=tap'] },
  'pipeline/pipeline.ts': {
    prints: ['average: 3', 'clean: Completed', 'pipeline: Completed'],
    python: true,
  },
}
