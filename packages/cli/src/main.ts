import { Command } from 'commander'

/** Each command loads its code only when it is called. */
const program = new Command('reeve').description('Orchestrates flows and their tasks.').version('0.1.0')

const server = program.command('server').description('Run the server.')

server
  .command('start')
  .description('Start the server and keep it running until it is told to stop.')
  .option('--host <address>', 'address to listen on (default: 127.0.0.1, this machine only)')
  .option('--port <number>', 'port to listen on, 0 for any free one (default: 4200)')
  .option('--database <location>', 'path of a SQLite file, or a postgres:// URL (default: reeve.db)')
  .option('--no-services', 'API, websockets and event ingestion only; nothing that acts by the clock')
  .option('--config <file>', 'settings file in TOML (default: reeve.toml, if there is one)')
  .option('--log-level <level>', 'fatal, error, warn, info, debug, trace or silent (default: warn)')
  .action(async (options) => {
    const { start } = await import('./commands/server/start.ts')
    await start(options)
  })

const results = program.command('results').description('Care for the results that flows and tasks have kept.')

results
  .command('clean')
  .argument('[folder]', 'folder of a localStorage (default: .reeve/results of the project, or of REEVE_HOME)')
  .description('Delete old result files. Runs that need one of them again are carried out anew.')
  .option('--older-than-days <number>', 'files last written so many days ago, or longer', '30')
  .option('--dry-run', 'only say what would be deleted')
  .action(async (folder, options) => {
    const { clean } = await import('./commands/results/clean.ts')
    await clean(folder, options)
  })

await program.parseAsync()
