import { spawnSync } from 'node:child_process';

/** Whether Debian's xmlsec1, which knows nothing of the library that signed, takes the signature; undefined without it. */
export function verifyWithXmlsec(file: string, certificate: string): boolean | undefined {
  const result = spawnSync('xmlsec1', ['--verify', '--pubkey-cert-pem', certificate, file], { encoding: 'utf8' });
  return result.error ? undefined : result.status === 0 && /^OK$/m.test(result.stderr);
}
