import 'reflect-metadata';
import { runService } from '@parley/platform';
import { identity } from './identity.module.js';

await runService(identity, process.env);
