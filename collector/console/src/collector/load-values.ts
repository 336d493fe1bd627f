/** What the page about the collector shows of its last measurement. */
import type { Language, PlainTextKey } from '../text/dictionary.ts';
import type { Format } from '../text/format.ts';

interface LoadValue {
  /** Of the measurement `collector`. */
  readonly field: string;
  readonly name: Readonly<Record<Language, string>>;
  readonly write: (value: number, format: Format) => string;
}

export interface LoadGroup {
  readonly title: PlainTextKey;
  readonly values: readonly LoadValue[];
}

const ms = (value: number, format: Format) => `${format.number(value, value < 9.95 ? 1 : 0)} ms`;
const count = (value: number, format: Format) => format.number(value);
const bytes = (value: number, format: Format) => format.bytes(value);
const percent = (value: number, format: Format) => format.percent(value);

export const loadGroups: readonly LoadGroup[] = [
  {
    title: 'collectorLoad',
    values: [
      { field: 'sessions', name: { vi: 'Máy đang kết nối', en: 'Agents connected' }, write: count },
      { field: 'cpu_percent', name: { vi: 'CPU (một lõi)', en: 'Processor (one core)' }, write: percent },
      { field: 'resident_bytes', name: { vi: 'Bộ nhớ', en: 'Memory' }, write: bytes },
      { field: 'event_loop_p99_ms', name: { vi: 'Độ trễ xử lý, p99', en: 'Loop delay, p99' }, write: ms },
      { field: 'event_loop_max_ms', name: { vi: 'Độ trễ xử lý, lớn nhất', en: 'Loop delay, longest' }, write: ms },
    ],
  },
  {
    title: 'collectorWriting',
    values: [
      { field: 'ingest_lag_ms', name: { vi: 'Chờ ghi lâu nhất', en: 'Longest wait for a commit' }, write: ms },
      { field: 'store_write_p99_ms', name: { vi: 'Một lần ghi, p99', en: 'One write, p99' }, write: ms },
      { field: 'queue_points', name: { vi: 'Điểm đo đang chờ', en: 'Points waiting' }, write: count },
      { field: 'disk_free_bytes', name: { vi: 'Ổ đĩa còn trống', en: 'Disk free' }, write: bytes },
      { field: 'disk_free_percent', name: { vi: 'Tỷ lệ trống', en: 'Share free' }, write: percent },
    ],
  },
  {
    title: 'collectorSince',
    values: [
      { field: 'received_points', name: { vi: 'Điểm đo đã nhận', en: 'Points received' }, write: count },
      { field: 'refused_points', name: { vi: 'Điểm đo bị từ chối', en: 'Points refused' }, write: count },
      { field: 'put_off_batches', name: { vi: 'Lô phải gửi lại', en: 'Batches put off' }, write: count },
      { field: 'refused_frames', name: { vi: 'Kết nối ngắt vì gửi sai', en: 'Closed for bad frames' }, write: count },
    ],
  },
];
