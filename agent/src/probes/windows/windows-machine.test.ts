import { describe, expect, it } from 'vitest';
import { denied, FakeWindows, signal } from './testing/fake-windows.ts';

describe('WindowsMachine', () => {
  it('starts a program once for all who ask within the time', async () => {
    const fake = new FakeWindows().services({});
    await Promise.all([fake.machine.services(signal), fake.machine.services(signal)]);
    fake.nowMs = 49_000;
    await fake.machine.services(signal);
    expect(fake.started).toEqual(['sc.exe query type= service state= all bufsize= 262144']);
    fake.nowMs = 50_000;
    await fake.machine.services(signal);
    expect(fake.started).toHaveLength(2);
  });

  it('does not take silence for a machine without services', async () => {
    const fake = new FakeWindows().answer('sc.exe', '');
    await expect(fake.machine.services(signal)).rejects.toThrow('named no service');
  });

  it('looks for a key where programs of 32 bits write it, too', async () => {
    const fake = new FakeWindows();
    fake.answer('reg.exe query HKLM\\SOFTWARE\\WOW6432Node\\X', 'HKEY_LOCAL_MACHINE\\X\r\n    a    REG_SZ    b\r\n');
    const key = await fake.machine.softwareKey('X', { signal, seconds: 60 });
    expect(key?.values.get('a')?.data).toBe('b');
    expect(await fake.machine.softwareKey('Y', { signal, seconds: 60 })).toBeUndefined();
  });

  it('does not take a key that may not be read for one that is not there, in whatever language', async () => {
    const fake = new FakeWindows().answer('reg.exe query HKLM\\SECRET', denied);
    const ask = (path: string) => fake.machine.key(path, { signal, seconds: 60 });
    await expect(ask('HKLM\\SECRET')).rejects.toMatchObject({ failure: 'denied' });
    expect(await ask('HKLM\\GONE')).toBeUndefined();
    await expect(ask('HKLM\\SECRET\\B')).rejects.toMatchObject({ failure: 'denied' });
    expect(fake.count('net.exe')).toBe(1);
  });

  it('starts only programs that lie where administrators alone write', async () => {
    const fake = new FakeWindows();
    const good = ['C:\\Program Files\\ESET\\ESET Security\\ermm.exe', 'c:\\program files (x86)\\K L\\kescli.EXE'];
    const bad = [
      'C:\\Program Files\\..\\Users\\x\\ermm.exe',
      'C:\\Program Files\\ESET\\\\ermm.exe',
      'C:\\Program Files/ESET/ermm.exe',
      'C:\\Program Files Evil\\ermm.exe',
      'C:\\Program Files\\x\\run.cmd',
      'C:\\Program Files\\x\\a.txt:b.exe|c',
      'C:\\ProgramData\\x\\ermm.exe',
      'D:\\Program Files\\x\\ermm.exe',
      '\\\\server\\Program Files\\ermm.exe',
      '\\ermm.exe',
      '',
    ];
    for (const path of [...good, ...bad]) fake.files.add(path);
    expect(good.map((path) => fake.machine.isProgram(path))).toEqual([true, true]);
    for (const path of bad) expect(fake.machine.isProgram(path), path).toBe(false);
    expect(fake.machine.isProgram('C:\\Program Files\\gone\\a.exe')).toBe(false);
    await expect(fake.machine.product(bad[0] ?? '', [], { signal, seconds: 1 })).rejects.toThrow('is no program');
    expect(fake.started).toEqual([]);
  });

  it('writes out the variables of paths that it knows', () => {
    const { machine } = new FakeWindows();
    expect(machine.expand('%ProgramFiles%\\a')).toBe('C:\\Program Files\\a');
    expect(machine.expand('%ProgramFiles(x86)%\\%x%')).toBe('C:\\Program Files (x86)\\%x%');
  });

  it.each([
    ['WinNT', true],
    ['ServerNT', false],
    ['LanmanNT', false],
  ])('knows by %s whether it is a computer for work', async (type, expected) => {
    const fake = new FakeWindows();
    fake.answer(
      'reg.exe query HKLM\\SYSTEM\\CurrentControlSet\\Control\\ProductOptions',
      `HKEY_X\r\n    ProductType    REG_SZ    ${type}\r\n`,
    );
    expect(await fake.machine.isClient(signal)).toBe(expected);
  });
});
