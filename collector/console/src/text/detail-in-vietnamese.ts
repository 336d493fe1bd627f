/**
 * The collector says in English what is wrong with a request: that is for programs, logs and commands too. Here are the
 * Vietnamese words for what a person can meet in the console; what is not known here is shown as it came.
 */
const known: readonly (readonly [RegExp, string])[] = [
  // Values of units, codes and people.
  [/^is missing$/, 'chưa nhập'],
  [/^is missing: (.+) would be a new unit$/, 'chưa có tên: $1 là đơn vị mới'],
  [/^is a text$/, 'phải là chữ'],
  [/^has at most (\d+) characters$/, 'tối đa $1 ký tự'],
  [/^has a line break: write it in one line$/, 'có xuống dòng: hãy viết trên một dòng'],
  [/^has a character that cannot be seen \((.+)\): type it anew$/, 'có ký tự ẩn ($1): hãy gõ lại'],
  [
    /^has 1 to 32 small letters without marks, digits and dashes, as in (.+)$/,
    'gồm 1–32 chữ thường không dấu, chữ số và gạch nối, ví dụ $1',
  ],
  [
    /^has 1 to 32 capital letters without marks, digits and dashes, as in (.+)$/,
    'gồm 1–32 chữ hoa không dấu, chữ số và gạch nối, ví dụ $1',
  ],
  [/^is a whole number from (\d+) to (\d+)$/, 'phải là số nguyên từ $1 đến $2'],
  [
    /^is a telephone number: letters, digits, spaces and (.+) only$/,
    'là số điện thoại: chỉ gồm chữ, số, dấu cách và $1',
  ],
  [/^is a telephone number with (\d+) to (\d+) digits$/, 'là số điện thoại có $1 đến $2 chữ số'],
  [/^is tslcd or internet$/, 'phải là tslcd hoặc internet'],
  [/^has neither ":" nor "\|"$/, 'không được có dấu “:” hay “|”'],
  [/^is an IP address or a host name$/, 'phải là địa chỉ IP hoặc tên miền'],
  [/^is a list of links$/, 'phải là danh sách đường truyền'],
  [/^has at most (\d+) links$/, 'tối đa $1 đường truyền'],
  [/^names a link twice$/, 'có hai đường truyền cùng mã'],
  [/^link (\d+): id (.+)$/, 'đường truyền $1, mã: $2'],
  [/^link (\d+): kind (.+)$/, 'đường truyền $1, loại: $2'],
  [/^link (\d+): carrier (.+)$/, 'đường truyền $1, nhà mạng: $2'],
  [/^link (\d+): edge (.+)$/, 'đường truyền $1, địa chỉ biên: $2'],
  [/^is a day written as (.+)$/, 'là ngày viết như $1'],
  [/^is a day after (.+)$/, 'phải sau ngày $1'],

  // The tree of units and its history.
  [/^there is no unit (\S+)$/, 'không có đơn vị $1'],
  [/^there is a unit (\S+) already$/, 'đã có đơn vị $1'],
  [/^there is no unit (\S+) to be the parent of (\S+)$/, 'không có đơn vị $1 để làm cấp trên của $2'],
  [/^there is no unit (\S+) to be the successor$/, 'không có đơn vị $1 để tiếp nhận'],
  [/^(\S+) cannot be its own parent$/, '$1 không thể là cấp trên của chính mình'],
  [/^(\S+) cannot be its own successor$/, '$1 không thể tự tiếp nhận chính mình'],
  [/^(\S+) is below (\S+): move it to another parent first$/, '$1 trực thuộc $2: hãy chuyển sang cấp trên khác trước'],
  [/^(\S+) would be above itself: (.+)$/, '$1 sẽ là cấp trên của chính nó: $2'],
  [/^(\S+) would be more than (\d+) levels deep$/, '$1 sẽ nằm sâu quá $2 cấp'],
  [/^(\S+) was retired on (.+): a code is never used again$/, '$1 đã kết thúc ngày $2: không dùng lại mã cũ'],
  [
    /^(\S+) was retired on (.+?)(?: and is part of (\S+) now)?: it cannot be the parent of (\S+)$/,
    '$1 đã kết thúc ngày $2, không thể là cấp trên của $4',
  ],
  [/^(\S+) was retired on (.+?) and is part of (\S+) now$/, '$1 đã kết thúc ngày $2, nay thuộc $3'],
  [/^(\S+) was retired on (.+)$/, '$1 đã kết thúc ngày $2'],
  [/^(\S+) begins only on (.+): name a later day$/, '$1 chỉ có từ ngày $2: hãy chọn ngày sau đó'],
  [
    /^(\S+) begins only on (.+) and cannot be the parent of (\S+) before$/,
    '$1 chỉ có từ ngày $2, trước đó không thể là cấp trên của $3',
  ],
  [
    /^(.+) is still to come: record a change on the day from which it holds$/,
    'ngày $1 chưa đến: hãy ghi thay đổi vào đúng ngày có hiệu lực',
  ],
  [/^(\S+) .+ on (.+): retire it later than that$/, '$1 có thay đổi ngày $2: hãy kết thúc sau ngày đó'],
  [
    /^(\S+) has units below it \((.+)\): move them first, or name a successor with --into$/,
    '$1 còn đơn vị trực thuộc ($2): hãy chuyển chúng trước, hoặc chọn đơn vị tiếp nhận',
  ],
  [
    /^(\S+) has (?:one machine|(\d+) machines) \((.+)\): name a successor with --into, or revoke them first$/,
    '$1 còn máy đang theo dõi: hãy chọn đơn vị tiếp nhận, hoặc thu hồi máy trước',
  ],

  // People, tokens and passwords.
  [
    /^is not a name: 1 to 64 letters a-z, digits and the signs \. _ @ -$/,
    'gồm 1–64 chữ a–z không dấu, chữ số và các dấu . _ @ -',
  ],
  [/^there is someone called (.+) already$/, 'đã có tài khoản tên $1'],
  [/^there is nobody called (.+)$/, 'không có tài khoản tên $1'],
  [/^the account is not there any more$/, 'tài khoản không còn nữa'],
  [
    /^(.+) is the last administrator: make someone else one first$/,
    '$1 là quản trị hệ thống cuối cùng: hãy giao vai trò này cho người khác trước',
  ],
  [
    /^role, password and one-time passwords of this person are managed by the OpenID Connect provider$/,
    'vai trò, mật khẩu và xác thực hai lớp của người này do hệ thống tài khoản chung quản lý',
  ],
  [/^the role unit-admin needs a unit$/, 'vai trò quản trị đơn vị cần có đơn vị'],
  [/^the role (\S+) is for the whole province: .+$/, 'vai trò này dành cho cả tỉnh, không gắn với đơn vị'],
  [/^a password has at least (\d+) characters$/, 'mật khẩu có ít nhất $1 ký tự'],
  [/^a password has at most (\d+) characters$/, 'mật khẩu có nhiều nhất $1 ký tự'],
  [/^a password has at least (\d+) different characters$/, 'mật khẩu có ít nhất $1 ký tự khác nhau'],
  [
    /^a password is more than digits and signs: those are dates and telephone numbers$/,
    'mật khẩu không chỉ gồm chữ số và dấu: đó thường là ngày sinh, số điện thoại',
  ],
  [
    /^this password is one of those that are tried first: take several words instead$/,
    'mật khẩu này thuộc loại bị thử đầu tiên: hãy dùng vài từ ghép lại',
  ],
  [/^a password does not contain the name of the account$/, 'mật khẩu không được chứa tên đăng nhập'],
  [/^is the one that there is$/, 'trùng với mật khẩu hiện tại'],
  [/^the current password is wrong$/, 'mật khẩu hiện tại không đúng'],
  [/^the password or the code is wrong$/, 'mật khẩu hoặc mã 6 số không đúng'],
  [/^one-time passwords are on already: turn them off first$/, 'xác thực hai lớp đang bật: hãy tắt trước'],
  [/^one-time passwords are not on$/, 'xác thực hai lớp chưa bật'],
  [/^there is no new secret, or it ran out: begin again$/, 'khóa đã hết hạn: hãy bắt đầu lại'],
  [/^is over already$/, 'đã qua rồi'],
  [/^the token \S+ is revoked already$/, 'khóa này đã bị thu hồi trước đó'],

  // Codes, machines and incidents.
  [/^there is no code (\S+)$/, 'không có mã $1'],
  [/^there is no agent (\S+)$/, 'không có máy $1'],
  [/^(\S+) is revoked already$/, '$1 đã bị thu hồi trước đó'],
  [
    /^no machine \S+ waits to be accepted: it may have been decided already$/,
    'máy này không còn chờ: có thể người khác đã quyết định',
  ],
  [/^there is no such incident$/, 'không có sự cố này'],
  [/^incident (\d+) is closed$/, 'sự cố $1 đã đóng'],

  // Maintenance, calendars and availability.
  [/^a reason is needed: .+$/, 'hãy ghi lý do: người đọc báo cáo sẽ hỏi'],
  [/^a reason has at most (\d+) characters$/, 'lý do tối đa $1 ký tự'],
  [/^the reason has a character that cannot be seen: type it anew$/, 'lý do có ký tự ẩn: hãy gõ lại'],
  [
    /^a window cannot begin in the past: declare it before the work, or from now on$/,
    'không lên lịch cho thời gian đã qua: hãy lên lịch trước khi làm, hoặc tính từ bây giờ',
  ],
  [/^a window begins within two years$/, 'chỉ lên lịch trong vòng hai năm tới'],
  [/^a window ends after it has begun$/, 'thời điểm kết thúc phải sau lúc bắt đầu'],
  [/^an end is needed$/, 'chưa có thời điểm kết thúc'],
  [/^a window lasts a minute at least$/, 'bảo trì ít nhất một phút'],
  [/^a window lasts (\d+) days at most$/, 'mỗi lần bảo trì tối đa $1 ngày'],
  [/^a recurring window needs a duration$/, 'chưa có thời lượng mỗi lần'],
  [/^a recurring window lasts from a minute to (\d+) days$/, 'mỗi lần kéo dài từ một phút đến $1 ngày'],
  [/^there are (\d+) windows that are not over: cancel some first$/, 'đang có $1 lịch chưa xong: hãy hủy bớt'],
  [/^there is no such window$/, 'không có lịch bảo trì này'],
  [/^window (\d+) is over or cancelled already$/, 'lịch bảo trì $1 đã xong hoặc đã hủy'],
  [/^(\S+) has no line (\S+)$/, '$1 không có đường truyền $2'],
  [
    /^(".+") comes more than once an hour: name one minute, as in (.+)$/,
    '$1 lặp quá một lần mỗi giờ: hãy ghi một phút, ví dụ $2',
  ],
  [
    /^(".*") is not a cron expression: five fields are expected: .+, as in (.+)$/,
    '$1 không phải biểu thức cron: cần năm trường phút, giờ, ngày, tháng, thứ, ví dụ $2',
  ],
  [/^(".*") is not a cron expression: .+$/, '$1 không phải biểu thức cron đúng'],
  [
    /^the public holidays of (\d+) are not known to this version \(it knows (\d+) to (\d+)\): .+$/,
    'phiên bản này chưa có ngày nghỉ lễ năm $1 (chỉ có từ $2 đến $3): cho đến khi cập nhật, hãy khai ở calendar.holidays, nếu không máy tắt ngày lễ sẽ bị coi là hỏng',
  ],
  [
    /^public holidays of (\d+) that follow from the law, but were not announced when this version was made: (.+); if .+$/,
    'ngày nghỉ lễ năm $1 tính theo luật, chưa có thông báo chính thức khi làm phiên bản này: $2; nếu lịch thay đổi, hãy khai ở calendar.holidays và calendar.working_days',
  ],
  [
    /^there is no calendar (".+"), which (.+) names?: declare it in calendar\.calendars; known are (.+)$/,
    'không có lịch làm việc $1 mà $2 đang dùng: hãy khai ở calendar.calendars; hiện có $3',
  ],
  [/^(\S+) is still to come: there is nothing to report yet$/, '$1 chưa đến: chưa có gì để báo cáo'],
  [/^(".*") is not a month: write it as (.+)$/, '$1 không phải tháng: viết như $2'],

  // Files.
  [
    /^the file is not UTF-8: in Excel, save it as "CSV UTF-8"$/,
    'tệp không phải UTF-8: trong Excel, hãy lưu kiểu “CSV UTF-8”',
  ],
  [
    /^a quotation mark is out of place; what follows could not be read$/,
    'dấu ngoặc kép đặt sai chỗ; phần sau đó không đọc được',
  ],
  [/^the file is empty$/, 'tệp trống'],
  [/^the file has (\d+) bytes; at most (\d+) are read$/, 'tệp có $1 byte; tối đa $2'],
  [/^the file has (\d+) rows; at most (\d+) are read$/, 'tệp có $1 dòng; tối đa $2'],
  [/^there is no column (.+); known are (.+)$/, 'không có cột $1; các cột dùng được: $2'],
  [/^the column (.+) is there twice$/, 'cột $1 bị lặp'],
  [/^the column (.+) is missing$/, 'thiếu cột $1'],
  [/^(\S+) is on line (\d+) already$/, '$1 đã có ở dòng $2'],
  [
    /^the row has (\d+) cells, the header (\d+): a text with a separator needs quotation marks$/,
    'dòng có $1 ô, tiêu đề có $2: chữ có dấu phân cách phải đặt trong ngoặc kép',
  ],
];

/** A cell of a file is named before what is wrong with it. */
const cell = /^("[^"]*"): (.+)$/;

export function detailInVietnamese(detail: string): string {
  const [, quoted, rest] = cell.exec(detail) ?? [];
  if (quoted !== undefined && rest !== undefined) return `${quoted}: ${detailInVietnamese(rest)}`;
  for (const [pattern, words] of known) {
    const found = pattern.exec(detail);
    if (found) return translateParts(words, found);
  }
  return detail;
}

/** Puts the parts that were found into the words; a part may be such a sentence itself. */
function translateParts(words: string, found: RegExpExecArray): string {
  return words.replace(/\$(\d)/g, (_, index: string) => {
    const part = found[Number(index)] ?? '';
    return part === found.input ? part : detailInVietnamese(part);
  });
}
