/** Texts of the page about incidents. */
export const incidentTexts = {
  incidentsHint: {
    vi: 'Việc đang cần người xem. Nhận xử lý để người khác biết đã có người lo; đóng khi đã xong.',
    en: 'What needs a person. Acknowledge it so that others know; close it when it is over.',
  },
  incidentsOpen: { vi: 'Đang mở', en: 'Open' },
  incidentsClosed: { vi: 'Đã đóng', en: 'Closed' },
  incidentsAll: { vi: 'Tất cả', en: 'All' },
  incidentFilter: { vi: 'Lọc sự cố', en: 'Filter incidents' },
  incidentNoneOpen: { vi: 'Không có sự cố nào đang mở', en: 'No incident is open' },
  incidentNoneOpenHint: {
    vi: 'Sự cố mới sẽ tự hiện ra ở đây và trên thanh điều hướng.',
    en: 'New ones appear here and in the navigation by themselves.',
  },
  incidentNone: { vi: 'Không có sự cố nào', en: 'There are no incidents' },
  severityCritical: { vi: 'Nghiêm trọng', en: 'Critical' },
  severityWarning: { vi: 'Cảnh báo', en: 'Warning' },
  severityInfo: { vi: 'Lưu ý', en: 'Note' },
  incidentSince: { vi: 'Từ', en: 'Since' },
  incidentLast: { vi: 'Gần nhất', en: 'Last seen' },
  incidentCount: { vi: 'Số lần', en: 'Times' },
  incidentSubject: { vi: 'Đối tượng', en: 'About' },
  incidentClosedAt: { vi: 'Đóng lúc', en: 'Closed' },
  incidentClosedBy: { vi: '{time}, bởi {name}', en: '{time} by {name}' },
  incidentEvidence: { vi: 'Bằng chứng', en: 'Evidence' },
  incidentAcknowledge: { vi: 'Nhận xử lý', en: 'Acknowledge' },
  incidentAcknowledged: { vi: '{name} đã nhận xử lý lúc {time}', en: '{name} acknowledged it on {time}' },
  incidentClose: { vi: 'Đóng sự cố', en: 'Close' },
  incidentNote: { vi: 'Ghi chú', en: 'Note' },
  incidentNoteHint: {
    vi: 'Đã làm gì, ai biết thêm; người sau sẽ đọc.',
    en: 'What was done, who knows more: others will read it.',
  },
  incidentAcknowledgeHint: {
    vi: 'Sự cố vẫn mở; mọi người thấy bạn đang lo việc này.',
    en: 'It stays open; everybody sees that you are on it.',
  },
  incidentCloseHint: {
    vi: 'Nếu còn xảy ra, một sự cố mới sẽ được mở.',
    en: 'If it is seen again, a new one will be opened.',
  },
  factsNewcomer: { vi: 'Máy mới đến', en: 'The newcomer' },
  factsOther: { vi: 'Máy kia', en: 'The other one' },
  incidentOlder: { vi: 'Cũ hơn', en: 'Older' },

  kindServiceDown: { vi: 'Dịch vụ dùng chung ngừng', en: 'A shared service is down' },
  kindServiceDownHint: {
    vi: 'Phần lớn điểm đo trong tỉnh không dùng được dịch vụ, trong khi đường truyền của họ vẫn thông: lỗi ở phía dịch vụ.',
    en: 'Most vantage points of the province cannot use it while their lines work: the fault is with the service.',
  },
  kindServiceUnreachable: { vi: 'Đơn vị không tới được dịch vụ', en: 'A unit cannot reach a service' },
  kindServiceUnreachableHint: {
    vi: 'Nơi khác vẫn dùng được. Kiểm tra DNS, tường lửa và bộ định tuyến của đơn vị này.',
    en: "Others can. Check this unit's DNS, firewall and router.",
  },
  kindLinkDown: { vi: 'Đứt đường truyền', en: 'A link is down' },
  kindLinkDownHint: {
    vi: 'Xem bằng chứng từ hai đầu để biết gọi nhà mạng hay đơn vị. Sự cố tự đóng khi đường thông lại.',
    en: 'The evidence of both ends tells whether to call the carrier or the unit. It closes by itself when the link is back.',
  },
  kindLinkDegraded: { vi: 'Đường truyền kém', en: 'A link is poor' },
  kindLinkDegradedHint: {
    vi: 'Mất gói hoặc chậm kéo dài. Kiểm tra có ai đang tải nhiều trong đơn vị không, rồi báo nhà mạng.',
    en: 'Loss or slowness that lasts. See whether the unit itself fills the line, then tell the carrier.',
  },
  kindNewDevice: { vi: 'Thiết bị lạ trong mạng LAN', en: 'New devices on a LAN' },
  kindNewDeviceHint: {
    vi: 'Hỏi đơn vị xem thiết bị của ai. Máy tính làm việc thì cài tác tử; không rõ nguồn gốc thì rút khỏi mạng.',
    en: 'Ask the unit whose they are. Enrol computers; take what nobody knows off the network.',
  },
  kindMalware: { vi: 'Phát hiện mã độc', en: 'Malware was found' },
  kindMalwareHint: {
    vi: 'Chưa xử lý xong thì rút máy khỏi mạng, quét toàn bộ rồi mới dùng lại. Đã xử lý xong thì tự đóng sau 24 giờ yên tĩnh.',
    en: 'If it was not dealt with, take the machine off the network and scan it in full. What was dealt with closes after 24 quiet hours.',
  },
  kindOutbreak: { vi: 'Mã độc lây lan', en: 'Malware spreads' },
  kindOutbreakHint: {
    vi: 'Cùng một mã độc trên nhiều máy trong thời gian ngắn. Xem máy bị đầu tiên, cách ly các máy đã dính, quét ngay các máy lân cận.',
    en: 'The same threat on several machines in a short time. Look at the first one, isolate those affected, scan their neighbours now.',
  },
  kindCompromise: { vi: 'Dấu hiệu bị xâm nhập', en: 'A hint of a break-in' },
  kindCompromiseHint: {
    vi: 'Bảo vệ bị dừng và có thay đổi khác trên cùng máy trong vài phút. Hỏi ngay người quản trị máy; không ai nhận thì cách ly và giữ nguyên hiện trường.',
    en: 'Protection stopped and something else changed on the machine within minutes. Ask who did it; if nobody did, isolate it and keep everything as it is.',
  },
  kindUnprotected: { vi: 'Máy không được bảo vệ', en: 'Machines without protection' },
  kindUnprotectedHint: {
    vi: 'Bật lại, cài hoặc cập nhật phần mềm diệt vi-rút. Sự cố tự đóng khi máy được bảo vệ trở lại.',
    en: 'Turn the antivirus on, install or update it. It closes by itself when they are protected again.',
  },
  incidentFolded: { vi: 'Đã gộp vào sự cố mã độc lây lan số {id}', en: 'Is part of outbreak {id}' },
  incidentManyThreats: { vi: 'nhiều mã độc', en: 'many threats' },
  kindClone: { vi: 'Hai máy dùng chung một khóa', en: 'Two machines with one key' },
  kindCloneHint: {
    vi: 'Có thể máy bị sao chép nguyên ổ đĩa, hoặc khóa bị lấy trộm. Tìm máy thừa; nếu nghi ngờ, thu hồi máy rồi cài lại bằng mã mới.',
    en: 'The disk may have been copied, or the key stolen. Find the other machine; if in doubt, revoke and enrol again with a new code.',
  },
} as const;
