/**
 * The agent's log: JSON lines on standard error, or plain text on a terminal. Written by hand because a logging
 * library costs about 2 MB on each of 7,000 machines (docs/decisions/0003-agent-memory.md).
 */
export type LogFields = Readonly<Record<string, unknown>>;
type Level = 'debug' | 'info' | 'warn' | 'error';

export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

const levels: readonly Level[] = ['debug', 'info', 'warn', 'error'];

/**
 * JSON escapes ASCII controls only. With the others a log line would be two lines for some readers, or would read
 * backwards or command the terminal.
 */
const unseen = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** `write` gets one finished line at a time; `pretty` is for people. Lines below `level` are dropped. */
export function createLogger(options: {
  write: (line: string) => void;
  pretty: boolean;
  level: Level;
  now: () => number;
}): Logger {
  function log(level: Level, message: string, fields: LogFields): void {
    if (levels.indexOf(level) < levels.indexOf(options.level)) return;
    const time = new Date(options.now()).toISOString();
    const line = options.pretty
      ? `${time} ${level.padEnd(5)} ${message}${Object.keys(fields).length > 0 ? ` ${JSON.stringify(fields)}` : ''}`
      : JSON.stringify({ time, level, message, ...fields });
    options.write(`${line.replace(unseen, escapeCharacter)}\n`);
  }
  return {
    debug: (message, fields = {}) => log('debug', message, fields),
    info: (message, fields = {}) => log('info', message, fields),
    warn: (message, fields = {}) => log('warn', message, fields),
    error: (message, fields = {}) => log('error', message, fields),
  };
}
