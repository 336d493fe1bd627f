/** What is known of a UPS or a battery, whoever says it. */
export interface UpsReading {
  readonly ups: string;
  /** A machine's own battery lasts its user; a UPS tells of the mains. */
  readonly kind: 'battery' | 'ups';
  readonly onBattery: boolean | undefined;
  readonly charge: number | undefined;
  readonly runtimeSeconds: number | undefined;
  readonly isLow: boolean | undefined;
}
