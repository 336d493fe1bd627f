import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { SignedXml } from 'xml-crypto';
import { makeCertificate } from '../trust/testing/certificate.ts';
import { type ReportContent, reportMessage } from './report-message.ts';
import { readSigner, signReport } from './report-signature.ts';
import { ProtectionSection } from './settings.ts';

const at = Date.UTC(2026, 10, 23, 1);
const day = 86_400_000;
const sender = { ...ProtectionSection.parse({}).report, organ_id: '000.00.00.H00', organ_name: 'Sở mẫu tỉnh X' };
const machine = {
  agent: 'a-1',
  name: 'PC-01',
  address: '10.1.2.3',
  class: 'pc',
  system: 'Windows 11 Pro',
  signatureTime: at - day,
  isGuarded: true,
  hasFirewall: true,
} as const;

const content: ReportContent = {
  sender,
  at,
  machines: [
    machine,
    {
      ...machine,
      ...{ agent: 'a-2', name: 'SRV', address: '', class: 'server', system: '' },
      ...{ signatureTime: at - 16 * day, isGuarded: false, hasFirewall: false },
    },
    { ...machine, agent: 'a-3', name: 'PC-03', signatureTime: undefined },
  ],
  malware: [{ agent: 'a-1', name: 'Virus:DOS/EICAR_Test_File', category: 'virus', count: 3 }],
};

test('the message has the shape of the sample', () => {
  const text = reportMessage(content).replace(/>\s+</g, '><');
  expect(text).toContain('<edXMLEnvelope xmlns:edXML="http://www.mic.gov.vn/TBT/QCVN_102_2016"><edXML:edXMLHeader>');
  expect(text).toContain(
    '<edXML:OrganId>000.00.00.H00</edXML:OrganId><edXML:OrganName>Sở mẫu tỉnh X</edXML:OrganName>',
  );
  expect(text).toContain('<edXML:Subject>Anti Virus Report on 23-11-2026 08:00:00</edXML:Subject>');
  expect(text).toContain('<AVReport name="Vọng Gác"><Datetime>1795395600</Datetime>');
  expect(text).toContain(
    '<Malware><Machine ip="10.1.2.3" name="PC-01"><MalwareInfo><MalwareName>Virus:DOS/EICAR_Test_File</MalwareName>' +
      '<MalwareType>virus</MalwareType><MalwareBehavior>virus</MalwareBehavior>' +
      '<TypeOfDevice>workstation</TypeOfDevice><NumberFile>3</NumberFile></MalwareInfo></Machine></Malware>' +
      '<Connection></Connection><Vulnerability></Vulnerability>',
  );
  expect(text).toContain('<OSName>Windows 11 Pro</OSName><LastUpdate>2026-11-22T08:00:00</LastUpdate>');
  expect(text).toContain('<Update><NumberMachineNotUpdateOn15Day>1</NumberMachineNotUpdateOn15Day></Update>');
  expect(text).toContain(
    '<Machine ip="" name="SRV"><AutoProtect>0</AutoProtect><EnableFirewall>0</EnableFirewall></Machine>',
  );
});

test('its elements are those of the sample, in the same order, without what agents know nothing of', () => {
  const sample = readFileSync(
    join(import.meta.dirname, '../../../tests/fixtures/antivirus/vietnam/avreport-2290-edxml.SYNTH.xml'),
    'utf8',
  );
  const unknown = /<(Signature|Connection|Vulnerability)\b.*?<\/\1>/gs;
  const elements = (text: string) => [
    ...new Set([...text.replace(unknown, '').matchAll(/<([A-Za-z:]+)/g)].map(([, name]) => name)),
  ];
  expect(elements(reportMessage(content))).toEqual(elements(sample));
});

const hostile = `"/><x a='&amp;]]>\u0000\u0008\ufffe\ud800\n<!-- <?y?>`;

describe('signed', () => {
  let rsa: { cert: string; key: string };

  beforeAll(async () => {
    rsa = await makeCertificate({ names: ['Sở X & <Y>'], kind: 'rsa' });
  });

  function verify(xml: string): boolean {
    const [signature = ''] = /<Signature[ >][\s\S]*<\/Signature>/.exec(xml) ?? [];
    const check = new SignedXml({ publicCert: rsa.cert });
    check.loadSignature(signature);
    return check.checkSignature(xml);
  }

  test('verifies, names of machines that are hostile included, and not when something was changed', () => {
    const names = {
      ...content,
      machines: content.machines.map((each) => ({ ...each, name: hostile, system: hostile })),
    };
    const xml = signReport(reportMessage(names), readSigner({ certificate: rsa.cert, key: rsa.key }, Date.now()));
    expect(verify(xml)).toBe(true);
    expect(xml).not.toContain('<x a');
    expect(xml).toMatch(/<\/edXML:MessageHeader>\s*<Signature xmlns="http:\/\/www.w3.org\/2000\/09\/xmldsig#">/);
    expect(xml).toContain('<Reference URI="">');
    expect(xml).toContain('http://www.w3.org/2001/04/xmldsig-more#rsa-sha256');
    expect(verify(xml.replace('>1</AutoProtect>', '>0</AutoProtect>'))).toBe(false);
  });

  test('not by what cannot sign', async () => {
    const now = Date.now();
    const [ec, other, over] = await Promise.all([
      makeCertificate(),
      makeCertificate({ kind: 'rsa' }),
      makeCertificate({ kind: 'rsa', from: now - 20 * day, until: now - day }),
    ]);
    const problem = (certificate: string, key: string) => () => readSigner({ certificate, key }, now);
    expect(problem(ec.cert, ec.key)).toThrow('no RSA key of at least 2048 bits');
    expect(problem(rsa.cert, other.key)).toThrow('not that of the certificate');
    expect(problem(over.cert, over.key)).toThrow('which is not now');
    expect(problem('x', rsa.key)).toThrow('the certificate cannot be read');
    expect(problem(rsa.cert, 'x')).toThrow('the private key cannot be read');
  });
});
