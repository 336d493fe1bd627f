/** What an agent may spend: what the collector has said, or a default; `agent.yaml` can only lower it. */
import { type AgentClass, ByteBudget } from '@vonggac/shared';
import * as z from 'zod/mini';

const { bytes_per_day, backfill_bits_per_second } = ByteBudget.shape;

/** The section `budget` of agent.yaml: for a machine whose line costs money. */
export const BudgetSettings = z.strictObject(
  {
    bytes_per_day: z.optional(bytes_per_day),
    backfill_bits_per_second: z.optional(backfill_bits_per_second),
  },
  'expected bytes_per_day and backfill_bits_per_second, or one of them',
);
type BudgetSettings = z.infer<typeof BudgetSettings>;

/** Until the collector has said otherwise. */
const bytesPerDay: Readonly<Record<AgentClass, number>> = { server: 2_000_000, pc: 1_000_000, gateway: 5_000_000 };
const backfillBitsPerSecond = 64_000;

export function lineBudget(
  agentClass: AgentClass,
  said: { readonly pushed: ByteBudget | undefined; readonly own: BudgetSettings | undefined },
): ByteBudget {
  const { pushed, own } = said;
  return {
    bytes_per_day: lower(pushed?.bytes_per_day ?? bytesPerDay[agentClass], own?.bytes_per_day),
    backfill_bits_per_second: lower(
      pushed?.backfill_bits_per_second ?? backfillBitsPerSecond,
      own?.backfill_bits_per_second,
    ),
  };
}

function lower(given: number, own: number | undefined): number {
  return own === undefined ? given : Math.min(given, own);
}
