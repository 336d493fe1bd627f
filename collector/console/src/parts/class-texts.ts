import type { AgentClass } from '@vonggac/shared';
import type { PlainTextKey } from '../text/dictionary.ts';

export const agentClasses = ['server', 'gateway', 'pc'] as const satisfies AgentClass[];

export const classTexts: Readonly<Record<AgentClass, PlainTextKey>> = {
  server: 'classServer',
  gateway: 'classGateway',
  pc: 'classPc',
};
