/** Limits of the agents' port: the section `agents.limits` of the configuration. Every number here is counted in `/metrics`. */
import { heartbeatMs, limits } from '@vonggac/shared';
import * as z from 'zod';

function integer(fallback: number, range: { min: number; max: number }) {
  return z.int().min(range.min).max(range.max).default(fallback);
}

/**
 * Sized for 10,000 agents and for offices of some hundred machines behind one address. Where an honest agent could
 * meet a limit it is slowed down, never cut; frames cannot be set below what agents send, because an agent would send
 * the refused batch again for ever.
 */
export const GatewayLimits = z.strictObject({
  connections: integer(25_000, { min: 1, max: 200_000 }).describe('open connections in all'),
  connections_per_address: integer(2_000, { min: 1, max: 200_000 }).describe(
    'open connections from one address (IPv6: one /64); an office behind NAT is one address',
  ),
  handshakes_per_second: integer(400, { min: 1, max: 10_000 }).describe(
    'new connections, in all; more than that wait their turn, ten seconds at most',
  ),
  handshakes_per_second_per_address: integer(50, { min: 1, max: 10_000 }).describe(
    'new connections from one address; four times as many at once',
  ),
  pending: integer(4_000, { min: 1, max: 50_000 }).describe('connections that have not proven who they are'),
  pending_per_address: integer(200, { min: 1, max: 50_000 }).describe('the same, from one address'),
  authenticate_seconds: integer(5, { min: 1, max: 60 }).describe(
    'time for the TLS handshake, and again from there to the proof of identity',
  ),
  pending_enrolments: integer(50, { min: 1, max: 1_000 }).describe('enrolments under way at the same time'),
  pending_approvals: integer(200, { min: 1, max: 10_000 }).describe(
    "machines that may wait for a person's word, in all; of one code never more than it has uses",
  ),
  pending_approval_days: integer(7, { min: 1, max: 90 }).describe('how long a machine waits for it'),
  failed_tokens_per_address: integer(10, { min: 1, max: 1_000 }).describe(
    'wrong enrolment codes before an address has to wait; the wait doubles with each further one',
  ),
  failed_token_wait_seconds: integer(300, { min: 1, max: 86_400 }).describe('the longest such wait'),
  failed_tokens_per_second: integer(20, { min: 1, max: 1_000 }).describe(
    'wrong enrolment codes in all; beyond, nobody can enrol until it is quieter',
  ),
  frame_bytes: integer(limits.frame, { min: limits.frame, max: 4 * 1_048_576 }).describe('one WebSocket message'),
  inflated_bytes: integer(limits.inflated, { min: 1_048_576, max: 16 * 1_048_576 }).describe(
    'a compressed message after inflating',
  ),
  window: integer(limits.window, { min: 1, max: 64 }).describe('batches an agent may have sent without an ack'),
  messages_per_second: integer(20, { min: 1, max: 100_000 }).describe(
    'of one agent, five times as many at once; acks of batches are held back, anything else closes the connection',
  ),
  points_per_second: integer(20_000, { min: 1_000, max: 1_000_000 }).describe(
    'of one agent; beyond, acks are held back, which slows an honest agent down',
  ),
  history_points_per_second: integer(40_000, { min: 1_000, max: 1_000_000 }).describe(
    'of all agents together: what they measured more than two minutes ago; beyond, its acks are held back',
  ),
  series_per_agent: integer(2_000, { min: 10, max: 1_000_000 }).describe(
    'different series of one agent in a day; points of further ones are refused',
  ),
  invalid_frames_per_minute: integer(20, { min: 1, max: 100_000 }).describe(
    'of one agent; beyond, it is not let in for a while',
  ),
  idle_seconds: integer((2.5 * heartbeatMs) / 1_000, { min: 15, max: 600 }).describe(
    'a connection silent for longer is closed; agents say something every 10 s',
  ),
  slow_seconds: integer(120, { min: 1, max: 600 }).describe(
    'a message that takes longer to arrive, or answers left unread for longer, end the connection',
  ),
  unread_bytes: integer(256 * 1_024, { min: 4_096, max: 16 * 1_048_576 }).describe(
    'answers that may wait for an agent that does not read',
  ),
});
export type GatewayLimits = z.infer<typeof GatewayLimits>;
