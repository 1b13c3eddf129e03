import 'reflect-metadata';
import { runService } from '@parley/platform';
import { conversation } from './conversation.module.js';

await runService(conversation, process.env);
