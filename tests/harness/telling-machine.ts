/** A machine that says what the test wants of its protection. */
import { join } from 'node:path';
import { Baselines, encodePoints, type Point, point } from '@vonggac/shared';
import { AgentProcess, type CollectorProcess } from './program.ts';
import { RawAgent } from './raw-agent.ts';

export class TellingMachine {
  readonly agent: RawAgent;
  readonly #baselines = new Baselines();
  #seq = 0;

  private constructor(agent: RawAgent) {
    this.agent = agent;
  }

  /** Enrols with a folder of its own in `folder`, and connects. */
  static async enrol(
    collector: CollectorProcess,
    what: { readonly folder: string; readonly name: string; readonly unit: string; readonly class: 'server' | 'pc' },
  ): Promise<TellingMachine> {
    const process = new AgentProcess(join(what.folder, what.name));
    process.enrol(collector, { unit: what.unit, class: what.class });
    const agent = await RawAgent.connect(process.folder, collector.agentsPort);
    agent.send(await agent.hello({ hostname: what.name }));
    await agent.next('welcome');
    return new TellingMachine(agent);
  }

  get id(): string {
    return this.agent.identity.agent;
  }

  /** Returns the ack. */
  async tell(...points: Point[]): Promise<object> {
    this.#seq += 1;
    const sent = Date.now();
    this.agent.send({
      type: 'batch',
      seq: this.#seq,
      sent,
      data: encodePoints(points, { sent, baselines: this.#baselines }),
    });
    return this.agent.ack(this.#seq);
  }
}

export function product(fields: Readonly<Record<string, boolean | string | number>>): Point {
  return point('antivirus', { time: Date.now(), tags: { product: 'kesl' }, fields: { read_state: 'ok', ...fields } });
}

/** As it should be. */
export function goodProduct(): Point {
  const signature_time_seconds = Math.floor(Date.now() / 1_000) - 3_600;
  return product({ running: true, realtime: true, mode: 'active', signature_time_seconds });
}

export function detection(event: string, fields: Readonly<Record<string, boolean | string>> = {}): Point {
  const what = { event, name: 'Eicar <&>', category: 'test', action: 'detected', ...fields };
  return point('malware', { time: Date.now(), tags: { product: 'kesl', severity: 'high' }, fields: what });
}
