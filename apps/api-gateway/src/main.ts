import 'reflect-metadata';
import { runProcess } from '@parley/platform';
import { startApiGateway } from './api-gateway.js';

await runProcess(() => startApiGateway(process.env));
