/** What the agent says to a person, in both languages. Unit admins read Vietnamese. */

export type Language = 'vi' | 'en';

/** `VONGGAC_AGENT_LANG`, else English where the system speaks English, else Vietnamese. */
export function chooseLanguage(environment: Readonly<Record<string, string | undefined>>): Language {
  const chosen = environment.VONGGAC_AGENT_LANG ?? environment.LC_ALL ?? environment.LANG ?? '';
  return chosen.toLowerCase().startsWith('en') ? 'en' : 'vi';
}

const vi = {
  usage: `cách dùng:
  vonggac-agent enrol MÃ|- [--address MÁY:CỔNG]   đăng ký máy này bằng mã cài đặt (- : đọc mã từ bàn phím)
  vonggac-agent run                               chạy tác tử
  vonggac-agent status                            xem tình trạng tác tử đang chạy
  vonggac-agent probe [TÊN]                       đo ngay và in kết quả
  vonggac-agent version                           in phiên bản
mọi lệnh: --data THƯ_MỤC  --config TỆP  --json`,
  enrolled: (agent: string, unit: string) =>
    `Đã đăng ký máy này với trung tâm: mã số ${agent}, đơn vị ${unit}. Giờ hãy chạy: vonggac-agent run`,
  alreadyEnrolled: (agent: string) => `Máy này đã được đăng ký (mã số ${agent}). Muốn đăng ký lại, thêm --again.`,
  notEnrolled: 'Máy này chưa được đăng ký. Hãy xin mã cài đặt của đơn vị rồi chạy: vonggac-agent enrol MÃ',
  noCode: 'Chưa có mã cài đặt. Cách dùng: vonggac-agent enrol MÃ',
  codeSymbol: 'Mã có ký tự không bao giờ dùng trong mã cài đặt. Hãy đối chiếu lại từng nhóm.',
  codeLength: 'Mã chưa đủ dài, có thể đã chép thiếu một phần.',
  codeCheck: 'Có ký tự sai hoặc hai ký tự bị đảo chỗ. Hãy đối chiếu lại từng nhóm.',
  codeVersion: 'Mã do trung tâm phiên bản mới hơn tạo ra. Hãy cài tác tử mới hơn.',
  codeAddress: 'Mã không chứa địa chỉ dùng được. Hãy xin mã mới.',
  addressMissing: 'Mã ngắn không chứa địa chỉ. Hãy thêm --address MÁY:CỔNG như người cấp mã đã đọc.',
  refused: 'Trung tâm từ chối: mã sai, đã dùng hết, đã hết hạn hoặc đã bị thu hồi. Hãy xin mã mới.',
  wrongCollector: (problem: string) =>
    `Máy chủ trả lời không phải là trung tâm đã cấp mã; chưa gửi gì cho nó. Hãy báo người phụ trách. (${problem})`,
  unreachable: (problem: string) => `Không kết nối được tới trung tâm. Hãy kiểm tra dây mạng và địa chỉ. (${problem})`,
  noStatus: 'Không thấy tác tử nào chạy trong thư mục này.',
  stale: (ago: string) => `Tác tử không còn chạy: tin cuối cùng cách đây ${ago}.`,
  unknownProbe: (name: string, known: string) => `Không có phép đo "${name}". Có: ${known}`,
  notHere: 'không có trên máy này',
  uplink: {
    open: 'đã kết nối',
    connecting: 'đang kết nối',
    greeting: 'đang xác thực',
    waiting: 'mất kết nối, sẽ thử lại',
    stopped: 'đã dừng',
  },
  label: {
    machine: 'Máy',
    unit: 'Đơn vị',
    version: 'Phiên bản',
    uplink: 'Kênh gửi',
    since: 'từ',
    problem: 'lý do',
    lastAck: 'Trung tâm nhận gần nhất',
    spool: 'Hàng đợi trên đĩa',
    lost: 'điểm đo đã mất',
    clock: 'Độ lệch đồng hồ',
    failures: 'Phép đo hỏng',
    ago: (text: string) => `cách đây ${text}`,
    never: 'chưa có',
    records: (count: number, size: string) => `${count} bản ghi, ${size}`,
  },
};

const en: typeof vi = {
  usage: `usage:
  vonggac-agent enrol CODE|- [--address HOST:PORT]   enrol this machine with a code (-: read it from the keyboard)
  vonggac-agent run                                  run the agent
  vonggac-agent status                               show how the running agent does
  vonggac-agent probe [NAME]                         measure now and print
  vonggac-agent version                              print the version
every command: --data DIR  --config FILE  --json`,
  enrolled: (agent, unit) => `This machine is enrolled as ${agent} in unit ${unit}. Now run: vonggac-agent run`,
  alreadyEnrolled: (agent) => `This machine is enrolled already (${agent}). To enrol it again add --again.`,
  notEnrolled: 'This machine is not enrolled. Ask for an enrolment code, then run: vonggac-agent enrol CODE',
  noCode: 'No enrolment code given. Usage: vonggac-agent enrol CODE',
  codeSymbol: 'The code has a character that no code contains. Compare it group by group.',
  codeLength: 'The code is too short: part of it is missing.',
  codeCheck: 'A character is wrong or two are swapped. Compare the code group by group.',
  codeVersion: 'The code was made by a newer collector. Install a newer agent.',
  codeAddress: 'The code holds no usable address. Ask for a new one.',
  addressMissing: 'A short code has no address. Add --address HOST:PORT as it was read to you.',
  refused: 'The collector refused: the code is wrong, used up, expired or revoked. Ask for a new one.',
  wrongCollector: (problem) =>
    `The server that answers is not the collector of this code; nothing was sent to it. Tell the person in charge. (${problem})`,
  unreachable: (problem) => `The collector cannot be reached. Check the cable and the address. (${problem})`,
  noStatus: 'No agent seems to run in this folder.',
  stale: (ago) => `The agent does not run any more: it was last heard ${ago} ago.`,
  unknownProbe: (name, known) => `There is no probe "${name}". There are: ${known}`,
  notHere: 'not on this machine',
  uplink: {
    open: 'connected',
    connecting: 'connecting',
    greeting: 'authenticating',
    waiting: 'not connected, will try again',
    stopped: 'stopped',
  },
  label: {
    machine: 'Machine',
    unit: 'Unit',
    version: 'Version',
    uplink: 'Uplink',
    since: 'since',
    problem: 'reason',
    lastAck: 'Last acknowledged',
    spool: 'Spool',
    lost: 'points lost',
    clock: 'Clock offset',
    failures: 'Failed probe runs',
    ago: (text) => `${text} ago`,
    never: 'never',
    records: (count, size) => `${count} records, ${size}`,
  },
};

export type Texts = typeof vi;

export const texts: Readonly<Record<Language, Texts>> = { vi, en };
