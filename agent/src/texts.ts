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
  vonggac-agent run --relay [ĐỊA_CHỈ:CỔNG]        chạy tác tử cổng LAN kèm trạm chuyển tiếp, mặc định ở cổng 8444
  vonggac-agent status                            xem tình trạng tác tử đang chạy
  vonggac-agent probe [TÊN]                       đo ngay và in kết quả
  vonggac-agent probe connectivity [--target ĐÍCH]…   đo kết nối: icmp://MÁY, tcp://MÁY:CỔNG, tls://MÁY:CỔNG, ntp://MÁY,
                                                  dns://MÁY/TÊN, http(s)://MÁY/ĐƯỜNG_DẪN; không có --target: đích mặc định
  vonggac-agent version                           in phiên bản
enrol, run: --via MÁY:CỔNG  đi qua trạm chuyển tiếp này trước, không được thì đi thẳng
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
  waiting: (id: string, fingerprint: string) =>
    `Máy này đang chờ duyệt. Hãy gọi cho người đã cấp mã và đọc cho họ:
  số yêu cầu:     ${id}
  vân tay khóa:   ${fingerprint}
Họ chỉ duyệt khi thấy đúng vân tay này. Cứ để nguyên cửa sổ; nếu lỡ tắt, chạy lại đúng lệnh vừa rồi để chờ tiếp.`,
  busy: (seconds: number) => `Trung tâm chưa nhận được yêu cầu lúc này, sẽ tự thử lại sau ${seconds} giây.`,
  lostWhileWaiting: (problem: string) => `Tạm thời mất kết nối tới trung tâm, sẽ tự thử lại. (${problem})`,
  declined: 'Người phụ trách đã từ chối máy này. Nếu có nhầm lẫn, hãy gọi cho người đã cấp mã rồi chạy lại lệnh này.',
  lapsed: 'Yêu cầu đã quá hạn vì không có ai duyệt. Hãy gọi cho người đã cấp mã rồi chạy lại lệnh này.',
  wrongCollector: (problem: string) =>
    `Máy chủ trả lời không phải là trung tâm đã cấp mã; chưa gửi gì cho nó. Hãy báo người phụ trách. (${problem})`,
  unreachable: (problem: string) => `Không kết nối được tới trung tâm. Hãy kiểm tra dây mạng và địa chỉ. (${problem})`,
  noStatus: 'Không thấy tác tử nào chạy trong thư mục này.',
  stale: (ago: string) => `Tác tử không còn chạy: tin cuối cùng cách đây ${ago}.`,
  unknownProbe: (name: string, known: string) => `Không có phép đo "${name}". Có: ${known}`,
  notHere: 'không có trên máy này',
  targetOfWhat: '--target và --follow chỉ dùng với: vonggac-agent probe connectivity',
  check: {
    up: 'đạt',
    down: 'KHÔNG ĐẠT',
    unknown: 'CHƯA RÕ',
    loss: (percent: number) => `mất ${percent} % gói`,
    expires: (day: string) => `chứng thư hết hạn ngày ${day}`,
    offset: (ms: number) => `máy chủ giờ lệch ${ms} ms so với máy này`,
  },
  /** What the words of a failed check mean. */
  checkErrors: {
    refused: 'máy đó có trả lời nhưng từ chối',
    timeout: 'không trả lời trong thời hạn',
    unreachable: 'không có đường tới máy đó',
    dns: 'không phân giải được tên',
    'dns-refused': 'máy chủ DNS từ chối trả lời',
    'dns-answer': 'máy chủ DNS trả lời khác với mong đợi',
    tls: 'không thiết lập được TLS',
    'tls-expired': 'chứng thư hết hạn hoặc chưa có hiệu lực, hoặc đồng hồ máy này sai',
    'tls-name': 'chứng thư không phải của máy chủ này',
    'tls-chain': 'chứng thư do nơi máy này không tin cậy cấp',
    'http-3xx': 'bị chuyển hướng thay vì được trả lời',
    'http-4xx': 'máy chủ báo yêu cầu sai hoặc không được phép',
    'http-5xx': 'máy chủ báo lỗi của chính nó',
    'http-status': 'mã trạng thái khác với mong đợi',
    'redirect-loop': 'chuyển hướng vòng quanh hoặc quá nhiều lần',
    keyword: 'trang không có nội dung mong đợi',
    'too-large': 'trang quá dài mà chưa thấy nội dung mong đợi',
    'bad-answer': 'câu trả lời không đúng giao thức',
    loss: 'mất gói',
    reset: 'kết nối bị cắt giữa chừng',
    forbidden: 'tên trỏ tới địa chỉ không được phép đo',
    unsupported: 'máy này không đo được (thiếu chương trình hoặc quyền)',
    failed: 'phép đo hỏng, không kết luận được',
  },
  relayNeedsGateway: (has: string) =>
    `Chỉ máy thuộc lớp "gateway" mới mở được trạm chuyển tiếp; máy này thuộc lớp "${has}". Hãy bỏ --relay (hoặc mục relay trong agent.yaml), hoặc đăng ký lại bằng mã dành cho gateway.`,
  way: {
    direct: (address: string) => `trực tiếp tới ${address}`,
    via: (address: string) => `qua trạm chuyển tiếp ${address}, chỉ định bằng tay`,
    relay: (address: string) => `qua trạm chuyển tiếp ${address}`,
  },
  uplink: {
    open: 'đã kết nối',
    connecting: 'đang kết nối',
    greeting: 'đang xác thực',
    waiting: 'mất kết nối, sẽ thử lại',
    stopped: 'đã dừng',
  },
  budget: {
    normal: 'bình thường',
    gathering: 'gom số đo gửi một lượt',
    saving: 'tiết kiệm, năm phút gửi một lần',
    spent: 'đã hết, chỉ gửi điều quan trọng',
  },
  /** What to do when the collector has closed the connection for a reason that a person has to see to. */
  closed: {
    cloned:
      'Trung tâm không nhận máy này vì có một máy khác đang gửi bằng cùng một khóa, thường do sao chép ổ đĩa hoặc máy ảo. Hãy báo người phụ trách. Nếu máy này là bản sao, hãy xin mã mới rồi chạy: vonggac-agent enrol MÃ --again',
    revoked:
      'Máy này đã bị thu hồi quyền gửi. Nếu vẫn cần giám sát, hãy xin mã mới rồi chạy: vonggac-agent enrol MÃ --again',
    unknownAgent: 'Trung tâm không biết máy này. Hãy xin mã mới rồi chạy: vonggac-agent enrol MÃ --again',
    badSignature:
      'Trung tâm không chấp nhận khóa của máy này. Hãy báo người phụ trách; nếu được yêu cầu, xin mã mới rồi chạy: vonggac-agent enrol MÃ --again',
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
    budget: 'Dung lượng truyền',
    ofDay: (used: string, all: string) => `hôm nay đã dùng ${used} trong ${all}`,
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
  vonggac-agent run --relay [ADDRESS:PORT]           run a gateway's agent with its relay, on port 8444 by default
  vonggac-agent status                               show how the running agent does
  vonggac-agent probe [NAME]                         measure now and print
  vonggac-agent probe connectivity [--target URL]…   check icmp://HOST, tcp://HOST:PORT, tls://HOST:PORT, ntp://HOST,
                                                     dns://HOST/NAME, http(s)://HOST/PATH; without --target the defaults
  vonggac-agent version                              print the version
enrol, run: --via HOST:PORT  go by this relay first, directly when it fails
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
  waiting: (id, fingerprint) =>
    `This machine waits to be accepted. Call whoever gave you the code and read to them:
  request number:    ${id}
  key fingerprint:   ${fingerprint}
They accept only when they see this very fingerprint. Leave this window open; if it was closed, run the same command again to go on waiting.`,
  busy: (seconds) => `The collector cannot take the request now, will try again in ${seconds} s.`,
  lostWhileWaiting: (problem) => `The line to the collector is lost for the moment, will try again. (${problem})`,
  declined:
    'The person in charge refused this machine. If that was a mistake, call whoever gave you the code and run this command again.',
  lapsed:
    'The request has lapsed because nobody accepted it. Call whoever gave you the code and run this command again.',
  wrongCollector: (problem) =>
    `The server that answers is not the collector of this code; nothing was sent to it. Tell the person in charge. (${problem})`,
  unreachable: (problem) => `The collector cannot be reached. Check the cable and the address. (${problem})`,
  noStatus: 'No agent seems to run in this folder.',
  stale: (ago) => `The agent does not run any more: it was last heard ${ago} ago.`,
  unknownProbe: (name, known) => `There is no probe "${name}". There are: ${known}`,
  notHere: 'not on this machine',
  targetOfWhat: '--target and --follow belong to: vonggac-agent probe connectivity',
  check: {
    up: 'up',
    down: 'DOWN',
    unknown: 'UNKNOWN',
    loss: (percent) => `${percent} % of packets lost`,
    expires: (day) => `certificate expires on ${day}`,
    offset: (ms) => `the time server is ${ms} ms off this machine`,
  },
  checkErrors: {
    refused: 'the machine answers, but refuses',
    timeout: 'no answer in time',
    unreachable: 'no way leads to it',
    dns: 'the name cannot be resolved',
    'dns-refused': 'the resolver refuses to answer',
    'dns-answer': 'the resolver answers something else than expected',
    tls: 'TLS cannot be set up',
    'tls-expired': 'the certificate is expired or not valid yet, or the clock of this machine is wrong',
    'tls-name': 'the certificate is for another server',
    'tls-chain': 'the certificate is signed by nobody that this machine trusts',
    'http-3xx': 'redirected instead of answered',
    'http-4xx': 'the server calls the request wrong or forbidden',
    'http-5xx': 'the server reports an error of its own',
    'http-status': 'another status than expected',
    'redirect-loop': 'redirected in a circle, or too often',
    keyword: 'the page does not have the expected text',
    'too-large': 'the page is too long and the expected text not found yet',
    'bad-answer': 'the answer breaks the protocol',
    loss: 'packets lost',
    reset: 'the connection was cut',
    forbidden: 'the name leads to an address that may not be checked',
    unsupported: 'this machine cannot measure it (program or permission missing)',
    failed: 'the check went wrong and says nothing',
  },
  relayNeedsGateway: (has) =>
    `Only a machine of class "gateway" can open a relay; this one is a "${has}". Leave out --relay (or the section relay in agent.yaml), or enrol again with a code for gateways.`,
  way: {
    direct: (address) => `directly to ${address}`,
    via: (address) => `by the relay ${address}, as named by hand`,
    relay: (address) => `by the relay ${address}`,
  },
  uplink: {
    open: 'connected',
    connecting: 'connecting',
    greeting: 'authenticating',
    waiting: 'not connected, will try again',
    stopped: 'stopped',
  },
  budget: {
    normal: 'normal',
    gathering: 'gathering readings into larger batches',
    saving: 'saving, sending every five minutes',
    spent: 'spent, sending what matters only',
  },
  closed: {
    cloned:
      'The collector does not take this machine because another one reports with the same key, mostly after a disk or a virtual machine was copied. Tell the person in charge. If this machine is the copy, ask for a new code and run: vonggac-agent enrol CODE --again',
    revoked:
      'This machine may not report any more. If it should, ask for a new code and run: vonggac-agent enrol CODE --again',
    unknownAgent:
      'The collector does not know this machine. Ask for a new code and run: vonggac-agent enrol CODE --again',
    badSignature:
      'The collector does not accept the key of this machine. Tell the person in charge; if asked to, get a new code and run: vonggac-agent enrol CODE --again',
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
    budget: 'Line budget',
    ofDay: (used, all) => `${used} of ${all} today`,
    clock: 'Clock offset',
    failures: 'Failed probe runs',
    ago: (text) => `${text} ago`,
    never: 'never',
    records: (count, size) => `${count} records, ${size}`,
  },
};

export type Texts = typeof vi;

export const texts: Readonly<Record<Language, Texts>> = { vi, en };
