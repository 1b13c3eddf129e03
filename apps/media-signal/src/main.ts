import 'reflect-metadata';
import { runService } from '@parley/platform';
import { mediaSignal } from './media-signal.module.js';

await runService(mediaSignal, process.env);
