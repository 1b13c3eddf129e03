import 'reflect-metadata';
import { runService } from '@parley/platform';
import { file } from './file.module.js';

await runService(file, process.env);
