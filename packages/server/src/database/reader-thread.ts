import * as sqlite from 'node:sqlite'
import * as thread from 'node:worker_threads'
import { answerReads } from './answer-reads.ts'

answerReads(sqlite, thread)
