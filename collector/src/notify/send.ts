/** What a channel is asked for, and what it answers. */
import type { Message } from './notifications-file.ts';

/** What came of a try. `retry`: later it may go. `failed`: never, and what waits behind it need not wait for it. */
export interface Outcome {
  readonly state: 'sent' | 'retry' | 'failed';
  /** What the receiver said, or why it could not be reached; without any secret. */
  readonly detail: string;
  /** Nobody answered there. */
  readonly isUnreachable?: boolean;
}

export type Sendable = Pick<Message, 'uid' | 'event' | 'thread' | 'content' | 'createdAt'>;

/** Sends one message now. Resolves with what came of it, never rejects. */
export type Send = (message: Sendable) => Promise<Outcome>;
