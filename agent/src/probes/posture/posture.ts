/** The machine's security settings besides antivirus. Each part reads what it can; what it cannot is absent, with the reason. */
import { catalogue, point } from '@vonggac/shared';
import { cleanText } from '../clean-text.ts';
import type { Probe, ProbeContext } from '../probe.ts';

/** Fields as in the catalogue; what is undefined is not known. A `problem` is why. */
export type PostureFields = Parameters<typeof point<'posture'>>[1]['fields'];

export interface PosturePart {
  /** Of messages. */
  readonly name: string;
  /** May throw: then nothing is known of this part. */
  read(context: ProbeContext, signal: AbortSignal): Promise<PostureFields> | PostureFields;
}

/** The search for updates on an old machine. */
const timeoutMs = 115_000;

export function postureProbe(parts: readonly PosturePart[]): Probe {
  return {
    name: 'posture',
    cadence: catalogue.posture.cadence,
    shortestGapMs: 60_000,
    atStart: true,
    timeoutMs,
    async collect(context, signal) {
      let fields: PostureFields = {};
      const problems: string[] = [];
      for (const part of parts) {
        try {
          const { problem, ...found } = await part.read(context, signal);
          fields = { ...fields, ...found };
          if (problem !== undefined) problems.push(`${part.name}: ${problem}`);
        } catch (error) {
          signal.throwIfAborted();
          problems.push(`${part.name}: ${error instanceof Error ? error.message : String(error)}`);
        }
      }
      const problem = cleanText(problems.join('; ')) || undefined;
      const { time } = context;
      return { status: 'measured', points: [point('posture', { time, tags: {}, fields: { ...fields, problem } })] };
    },
  };
}
