/** What is known of a product before its own sources are asked, and what a reader of one product is. */
import type { WindowsMachine } from '../windows/windows-machine.ts';
import type { InstalledProgram } from './installed-windows.ts';
import type { ProductStatus } from './product-status.ts';

export interface FoundProduct {
  readonly machine: WindowsMachine;
  readonly hasService: boolean;
  /** Undefined when it has no service, or one that is just starting. */
  readonly running: boolean | undefined;
  /** Its entry in the list of installed programs. */
  readonly program: InstalledProgram | undefined;
  readonly signal: AbortSignal;
}

/**
 * Asks a product's own sources. What it leaves undefined is not known. May throw: that is a failed reading of this
 * product alone.
 */
export type ProductReader = (found: FoundProduct) => Promise<Partial<ProductStatus>>;
