/**
 * Kaspersky Endpoint Security for Linux. Source: `kesl-control --app-info`, which writes for people, in the language of
 * the system; with LC_ALL=C in English. The Russian labels were seen in other people's scripts, the Vietnamese ones are
 * translations that nobody has seen: what is not understood stays unknown.
 */

import { quote } from '../clean-text.ts';
import type { CommandProduct, Reading } from './command-reader-linux.ts';
import { parseDate, parseLabelledLines } from './labelled-lines.ts';

const folder = '/opt/kaspersky/kesl';
/** 64: KESL does not run, 65: protection is off, 66: no databases yet, 68: a policy forbids it. */
const exitCodes = [0, 64, 65, 66];

export const kesl: CommandProduct = {
  product: 'kesl',
  name: 'Kaspersky Endpoint Security for Linux',
  folder,
  service: 'kesl',
  exitCodes,
  async read(ask) {
    const { stdout, exitCode } = await ask('bin/kesl-control', '--app-info');
    if (exitCode === 64) return { source: 'kesl-control' };
    return { ...parseAppInfo(stdout), source: 'kesl-control', ...(exitCode === 65 && { realtime: false }) };
  },
};

/** Lower case; until version 10, from 11, in Russian, in Vietnamese. */
const labels = {
  name: ['name', 'название', 'tên'],
  version: ['version', 'версия', 'phiên bản'],
  databases: [
    'last release date of databases',
    'last release date of application databases',
    'дата последнего выпуска баз программы',
    'дата последнего выпуска баз приложения',
    'ngày phát hành cơ sở dữ liệu gần nhất',
  ],
  loaded: [
    'anti-virus databases loaded',
    'application databases loaded',
    'базы программы загружены',
    'базы приложения загружены',
    'cơ sở dữ liệu ứng dụng đã được tải',
  ],
  fileProtection: [
    'file monitoring',
    'file threat protection',
    'защита от файловых угроз',
    'bảo vệ chống mối đe dọa tệp',
  ],
  licence: ['key status', 'license information', 'информация о лицензии', 'thông tin giấy phép'],
  licenceEnd: ['license expiration date', 'дата окончания срока действия лицензии', 'ngày hết hạn giấy phép'],
  fullScan: [
    'last run date of the scan_my_computer task',
    'дата последнего запуска задачи scan_my_computer',
    'ngày chạy gần nhất của tác vụ scan_my_computer',
  ],
} as const;

const states = [
  [/^available and running$|^доступ\p{L}* и (?:запущен|выполня|работа)|^(?:khả dụng|có sẵn) và đang chạy$/iu, true],
  [/^available and stopped$|^доступ\p{L}* и (?:остановл|не запущен)|^(?:khả dụng|có sẵn) và đã dừng$/iu, false],
  [/^unavailable\b|^недоступ|^không khả dụng/iu, false],
] as const;

const isYes = /^(?:yes|да|có)$/iu;
const isNo = /^(?:no|нет|không)$/iu;
const isNever = /^(?:never|не запуска|никогда|chưa)/iu;
const licences = [
  [/expired|ист[её]к|hết hạn/iu, 'expired'],
  [/not valid|invalid|blocked|no key|not added|недейств|отсутств|не добавлен|không hợp lệ|chưa có/iu, 'none'],
  [/\bvalid$|действител|hợp lệ/iu, 'valid'],
] as const;

/** Throws when not a single line is understood. */
export function parseAppInfo(text: string): Reading {
  const lines = parseLabelledLines(text);
  const valueFor = (key: keyof typeof labels) => labels[key].map((label) => lines.get(label)).find(Boolean);
  const version = valueFor('version');
  const protection = valueFor('fileProtection');
  if (version === undefined && protection === undefined) {
    throw new Error(`no line of kesl-control is understood: ${quote(text)}`);
  }
  const realtime = states.find(([pattern]) => pattern.test(protection ?? ''))?.[1];
  const loaded = valueFor('loaded') ?? '';
  const licence = valueFor('licence') ?? '';
  const fullScan = valueFor('fullScan');
  const neverScanned = fullScan === undefined ? undefined : isNever.test(fullScan) || undefined;
  return {
    name: valueFor('name'),
    version: version && /^[\w.+-]+/.exec(version)?.[0],
    // Without signatures it finds nothing, whatever it hooks.
    realtime: isNo.test(loaded) ? false : realtime,
    // Which time zone is not said; the local one never makes signatures younger than they are here.
    signatureTime: parseDate(valueFor('databases'), 'local'),
    fullScan: parseDate(fullScan, 'local'),
    neverScanned: parseDate(fullScan, 'local') === undefined ? neverScanned : false,
    licenceStatus: licences.find(([pattern]) => pattern.test(licence))?.[1],
    licenceExpires: parseDate(valueFor('licenceEnd'), 'utc'),
    problem: problemOf({ protection, realtime, loaded }),
  };
}

function problemOf(found: {
  protection: string | undefined;
  realtime: boolean | undefined;
  loaded: string;
}): string | undefined {
  const { protection, realtime, loaded } = found;
  if (isNo.test(loaded)) return 'its databases are not loaded';
  if (loaded !== '' && !isYes.test(loaded))
    return `whether its databases are loaded is not understood: ${quote(loaded)}`;
  if (protection === undefined) return 'it does not say whether it watches files';
  return realtime === undefined
    ? `the state of its file protection is not understood: ${quote(protection)}`
    : undefined;
}
