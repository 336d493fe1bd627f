import { expect, test } from 'vitest';
import { reducePersonal } from './reduce-personal.ts';

test.each([
  ['/home/lan.nguyen/Tải về/a.exe', '/home/<user>/Tải về/a.exe'],
  ['/home/lan', '/home/<user>'],
  ['/srv/home.exe', '/srv/home.exe'],
  ['C:\\Users\\Nguyễn Thị Lan\\Downloads\\a.exe', 'C:\\Users\\<user>\\Downloads\\a.exe'],
  ['c:\\users\\lan', 'c:\\users\\<user>'],
  ['C:\\Documents and Settings\\Lan\\a.exe', 'C:\\Documents and Settings\\<user>\\a.exe'],
  ['C:\\Users\\Public\\a.exe', 'C:\\Users\\Public\\a.exe'],
  ['D:\\chung\\a.exe', 'D:\\chung\\a.exe'],
  ['file:_C:\\Users\\lan\\a.zip->b.exe', 'file:_C:\\Users\\<user>\\a.zip->b.exe'],
  ['https://example.vn/a.exe?token=secret#x', 'https://example.vn/a.exe'],
  ['https://lan:secret@example.vn/a.exe', 'https://example.vn/a.exe'],
  ['C:\\Users\\lan\\a.exe; C:\\Users\\mai\\b.exe', 'C:\\Users\\<user>\\a.exe; C:\\Users\\<user>\\b.exe'],
])('%s', (text, reduced) => {
  expect(reducePersonal(text, 'reduced')).toBe(reduced);
  expect(reducePersonal(text, 'full')).toBe(text);
});
