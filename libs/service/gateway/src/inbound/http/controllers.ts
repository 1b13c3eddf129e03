import type { Type } from '@nestjs/common';
import { MessagesController } from './messages.controller.js';

/** Every REST controller, one line each. */
export const controllers: Type[] = [MessagesController];
