/** The collector itself. */
import { rule } from './rule.ts';

const operator = { vi: 'Người vận hành trung tâm.', en: 'Whoever operates the collector.' };

export const collectorRules = [
  rule({
    id: 'watchdog',
    title: { vi: 'Trung tâm im lặng', en: 'The collector is silent' },
    texts: {
      what: {
        vi: 'Không còn dấu sống của trung tâm trong 3 phút: trung tâm dừng, hoặc kho không nhận.',
        en: 'No sign of life of the collector for 3 minutes: it has stopped, or the store takes nothing.',
      },
      impact: {
        vi: 'Không luật nào khác báo được gì: mọi bảng đều là số liệu cũ.',
        en: 'No other rule can tell of anything: all that is shown is old.',
      },
      firstAction: {
        vi: 'Xem dịch vụ của trung tâm có chạy không, rồi xem InfluxDB.',
        en: 'See whether the service of the collector runs, then look at InfluxDB.',
      },
      whomToCall: operator,
    },
    // It is 1 in every row: only that there is none ever fires.
    query: { measurement: 'collector_watchdog', field: 'alive', reduce: 'last', windowSeconds: 180 },
    condition: { kind: 'is', value: 0 },
    pendingSeconds: 120,
    keepFiringSeconds: 0,
    severity: 'critical',
    scope: 'collector',
    firesWithoutData: true,
    tells: 'collector-trouble',
  }),
  rule({
    id: 'collector-not-ready',
    title: { vi: 'Trung tâm không làm được việc', en: 'The collector cannot do its work' },
    texts: {
      what: {
        vi: 'Trung tâm tự báo không làm được việc: kho, ổ đĩa hoặc bộ nhớ.',
        en: 'The collector itself says that it cannot work: store, disk or memory.',
      },
      impact: { vi: 'Số đo nằm chờ ở các máy.', en: 'Readings wait on the machines.' },
      firstAction: { vi: 'Mở trang Trung tâm và làm theo việc ghi ở đó.', en: 'Open its page and do what it says.' },
      whomToCall: operator,
    },
    query: { measurement: 'collector_watchdog', field: 'ready', reduce: 'last', windowSeconds: 180 },
    condition: { kind: 'is', value: 0 },
    pendingSeconds: 120,
    keepFiringSeconds: 60,
    severity: 'critical',
    scope: 'collector',
    tells: 'collector-trouble',
  }),
  rule({
    id: 'store-slow',
    title: { vi: 'Kho ghi chậm', en: 'The store is slow' },
    texts: {
      what: {
        vi: 'Một lần ghi kho mất trên 2 giây (phân vị 99).',
        en: 'A write to the store takes over 2 seconds (p99).',
      },
      impact: { vi: 'Xác nhận chậm, tác tử giữ dữ liệu lâu hơn.', en: 'Acks are late, agents keep data longer.' },
      firstAction: { vi: 'Xem tải ổ đĩa của máy chủ kho.', en: "See how busy the store's disk is." },
      whomToCall: operator,
    },
    query: { measurement: 'collector', field: 'store_write_p99_ms', reduce: 'mean', windowSeconds: 300 },
    condition: { kind: 'above', threshold: 2_000, recovers: 1_000 },
    pendingSeconds: 300,
    keepFiringSeconds: 300,
    severity: 'warning',
    scope: 'collector',
  }),
  rule({
    id: 'ingest-refusing',
    title: { vi: 'Trung tâm sắp từ chối số đo', en: 'Ingest is about to refuse' },
    texts: {
      what: {
        vi: 'Trên 150.000 điểm đo đang chờ ghi; quá 200.000 thì tác tử phải gửi lại sau.',
        en: 'More than 150,000 points wait to be written; past 200,000 agents are told to come back.',
      },
      impact: { vi: 'Số liệu đến muộn; không mất vì tác tử giữ lại.', en: 'Data is late, not lost: agents keep it.' },
      firstAction: {
        vi: 'Kiểm tra kho trước, rồi mới đến số máy gửi.',
        en: 'Check the store first, then who sends so much.',
      },
      whomToCall: operator,
    },
    query: { measurement: 'collector', field: 'queue_points', reduce: 'mean', windowSeconds: 120 },
    condition: { kind: 'above', threshold: 150_000, recovers: 50_000 },
    pendingSeconds: 120,
    keepFiringSeconds: 120,
    severity: 'warning',
    scope: 'collector',
    tells: 'collector-trouble',
  }),
  rule({
    id: 'collector-disk-low',
    title: { vi: 'Ổ đĩa dữ liệu của trung tâm sắp đầy', en: 'The disk of the data folder fills' },
    texts: {
      what: {
        vi: 'Nơi lưu dữ liệu của trung tâm còn dưới 5 %.',
        en: 'Less than 5 % is free on the disk of the data folder.',
      },
      impact: { vi: 'Đầy hẳn thì trung tâm ngừng nhận số đo.', en: 'Once full, the collector takes no readings.' },
      firstAction: { vi: 'Thêm dung lượng, hoặc dọn bản sao lưu cũ.', en: 'Add space, or remove old backups.' },
      whomToCall: operator,
    },
    query: { measurement: 'collector', field: 'disk_free_percent', reduce: 'last', windowSeconds: 180 },
    condition: { kind: 'below', threshold: 5, recovers: 7 },
    pendingSeconds: 120,
    keepFiringSeconds: 300,
    severity: 'warning',
    scope: 'collector',
    tells: 'collector-trouble',
  }),
] as const;
