import 'reflect-metadata';
import { runService } from '@parley/platform';
import { delivery } from './delivery.module.js';

await runService(delivery, process.env);
