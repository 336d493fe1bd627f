import type { LiveState } from '../../live/live-state.ts';
import { MachineWatch } from '../../protection/machine-watch.ts';
import { MalwareStore } from '../../protection/malware-store.ts';
import { ProtectionFile } from '../../protection/protection-file.ts';
import { ProtectionSection } from '../../protection/settings.ts';
import type { ProtectionParts } from '../scope.ts';

/** Real parts on real files, opened when a test first needs them; machines are judged when the test says so. */
export class TestProtection implements ProtectionParts {
  readonly #folder: string;
  readonly #live: LiveState;
  readonly #settings = ProtectionSection.parse({});
  #file: ProtectionFile | undefined;
  #machines: MachineWatch | undefined;
  #malware: MalwareStore | undefined;

  constructor(folder: string, live: LiveState) {
    this.#folder = folder;
    this.#live = live;
  }

  get malware(): MalwareStore {
    this.#malware ??= new MalwareStore(this.#folder, this.#settings.malware);
    return this.#malware;
  }

  get machines(): MachineWatch {
    this.#file ??= new ProtectionFile(this.#folder);
    this.#machines ??= new MachineWatch({
      settings: this.#settings,
      live: this.#live,
      file: this.#file,
      threatsOf: (agent, since) => this.malware.threatsOf(agent, since),
      emit: () => undefined,
    });
    return this.#machines;
  }

  stop(): void {
    this.#file?.stop();
    this.#malware?.stop();
  }
}
