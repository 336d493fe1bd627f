/** What either side accepts on the wire, in bytes unless the name says otherwise. */
export const limits = {
  /** A frame before the peer has proven who it is. */
  frameBeforeHello: 4 * 1024,
  /** A frame afterwards. */
  frame: 256 * 1024,
  /** A batch after inflating; inflating stops there. */
  inflated: 4 * 1024 * 1024,
  pointsPerBatch: 5_000,
  /** A tag value or a string field, in UTF-16 code units. */
  text: 256,
  /** Batches that an agent may have sent without an ack. */
  window: 8,
  /** A point this far ahead of the collector's clock is refused, in milliseconds. */
  futureMs: 5 * 60_000,
  /** A point older than this is refused: older than the oldest an agent's spool keeps, with a day to spare. */
  pastMs: 8 * 86_400_000,
} as const;

/** Subprotocol that both sides must name in the WebSocket handshake. */
export const subprotocol = 'vonggac.v1';

export const agentPath = '/agent/v1';
export const enrolPath = '/enrol/v1';

/** An agent says something at least this often; a collector calls a link late after two and a half silences. */
export const heartbeatMs = 10_000;

/** Name in the certificate of the agents' port. Agents ask for it whatever address they connect to. */
export const collectorServerName = 'collector.vonggac.internal';

/**
 * Preset dictionary for deflated batches: what every batch has in common, the most common last. Part of the protocol,
 * never to be changed.
 */
export const batchDictionary =
  '[[10,10,[],[0],["Debian GNU/Linux","Ubuntu","Windows","12","x64",[9,3,["overflow","metrics"],[8,4,["inventory"],' +
  '["filesystem"],["memory"],["network"],["system"],["disk_io"],["agent"],["cpu"],[0],[0,0,' +
  '[3,5,["/","ext4"],["/boot","xfs"],["C:","drive"],[4,5,["sda"],["nvme0n1"],["vda"],[5,7,["ens18"],["enp1s0"],["eth0"],' +
  '[7,10,[],[0],[0,0,0,0,0,0,0,0,0,0]],' +
  '{"type":"batch","seq":1,"sent":179,"offset":-,"data":[[1,6,[],[0],[-1,-1,0,0,0,0]],[2,6,[],[0],[0,-4096,0,0,0,0]],' +
  '[4,5,["sda"],[0],[0,0,0,0,0]],[5,7,["eth0"],[0],[0,0,0,0,0,0,0]],[6,6,[],[0],[10,0,0,-1,0,0]]]}';
