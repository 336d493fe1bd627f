import { describe, expect, test } from 'vitest';
import { isOwnHost, isSameSite } from './same-site.ts';

describe('host', () => {
  test.each(['localhost', 'localhost:8080', 'LOCALHOST:8080', '127.0.0.1:8080', '[::1]:8080', '[::1]'])(
    '%s is ours',
    (host) => expect(isOwnHost(host, [])).toBe(true),
  );

  test.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example:8080', '127.0.0.2', '', undefined])(
    '%s is not',
    (host) => expect(isOwnHost(host, [])).toBe(false),
  );

  test('a configured name is ours, a part of it is not', () => {
    expect(isOwnHost('Giamsat.Quangtri.gov.vn:8080', ['giamsat.quangtri.gov.vn'])).toBe(true);
    expect(isOwnHost('quangtri.gov.vn', ['giamsat.quangtri.gov.vn'])).toBe(false);
  });

  test('any name at all, when so configured', () => {
    expect(isOwnHost('whatever', 'any')).toBe(true);
  });
});

describe('origin', () => {
  const host = 'localhost:8080';
  test.each([
    ['a program, which sends nothing', {}, true],
    ['our page', { origin: 'http://localhost:8080', 'sec-fetch-site': 'same-origin' }, true],
    ['our page in an old browser', { origin: 'http://localhost:8080' }, true],
    ['another port of this machine', { origin: 'http://localhost:3000', 'sec-fetch-site': 'same-site' }, false],
    ['another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, false],
    ['another site in an old browser', { origin: 'https://evil.example' }, false],
    ['a page without origin', { origin: 'null' }, false],
    ['something typed into the address bar', { 'sec-fetch-site': 'none' }, false],
  ])('%s', (_, headers, expected) => {
    expect(isSameSite({ host, ...headers })).toBe(expected);
  });
});
