import 'reflect-metadata';
import { runService } from '@parley/platform';
import { presence } from './presence.module.js';

await runService(presence, process.env);
