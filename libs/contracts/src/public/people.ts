import { z } from 'zod';

/** A user as others see them where a list names them. */
export const person = z
  .object({
    userId: z.string(),
    /** Absent while names cannot be looked up; ask again later. */
    displayName: z.string().optional(),
    avatarFileId: z.string().optional(),
    kind: z.enum(['user', 'guest']).optional(),
  })
  .meta({ id: 'Person' });

export type Person = z.infer<typeof person>;
