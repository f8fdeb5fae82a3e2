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

await program.parseAsync()
