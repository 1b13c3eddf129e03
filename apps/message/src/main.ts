import 'reflect-metadata';
import { runService } from '@parley/platform';
import { message } from './message.module.js';

await runService(message, process.env);
