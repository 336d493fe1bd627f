/**
 * The province's malware report as an edXML message: the shape of guidance 2290/BTTTT-CATTT of 2018 as it is seen in the
 * field. The letter's annex was not at hand, so how values are written is not authoritative, and the law behind it may
 * have been replaced: ask the authority before sending. Nothing is in it but names and addresses of machines, counts and
 * names of malware: no files, no users.
 */
import type { AgentClass } from '@vonggac/shared';
import type { ReportSettings } from './settings.ts';
import { isNotUpdated } from './unit-counts.ts';
import { type Element, element, renderXml } from './xml-text.ts';

const namespace = 'http://www.mic.gov.vn/TBT/QCVN_102_2016';
const vietnamMs = 7 * 3_600_000;

/** Times are milliseconds since 1970. */
export interface ReportedMachine {
  readonly agent: string;
  readonly name: string;
  readonly address: string;
  readonly class: AgentClass;
  readonly system: string;
  readonly signatureTime: number | undefined;
  /** Known to be so; what is not known is not claimed. */
  readonly isGuarded: boolean;
  readonly hasFirewall: boolean;
}

/** A threat on a machine. */
export interface ReportedMalware {
  readonly agent: string;
  readonly name: string;
  readonly category: string;
  readonly count: number;
}

export interface ReportContent {
  readonly sender: ReportSettings & { readonly organ_id: string; readonly organ_name: string };
  readonly at: number;
  readonly machines: readonly ReportedMachine[];
  readonly malware: readonly ReportedMalware[];
}

const devices: Readonly<Record<AgentClass, string>> = { pc: 'workstation', server: 'server', gateway: 'gateway' };

export function reportMessage(content: ReportContent): string {
  return renderXml(
    element(
      'edXMLEnvelope',
      [
        element('edXML:edXMLHeader', [element('edXML:MessageHeader', header(content))]),
        element('edXML:edXMLBody', [element('AVReport', body(content), { name: content.sender.product })]),
      ],
      { 'xmlns:edXML': namespace },
    ),
  );
}

function header({ sender, at }: ReportContent): Element[] {
  const from = [
    ['OrganId', sender.organ_id],
    ['OrganName', sender.organ_name],
    ['OrganAdd', sender.address],
    ['Email', sender.email],
    ['Telephone', sender.telephone],
    ['Fax', sender.fax],
    ['Website', sender.website],
  ] as const;
  const [day = '', time = ''] = localTime(at).split('T');
  const subject = `Anti Virus Report on ${day.split('-').reverse().join('-')} ${time}`;
  return [
    element(
      'edXML:From',
      from.map(([name, value]) => element(`edXML:${name}`, value)),
    ),
    element('edXML:Subject', subject),
  ];
}

function body({ at, machines, malware }: ReportContent): Element[] {
  const byMachine = Map.groupBy(malware, ({ agent }) => agent);
  const infected = machines.flatMap((machine) => {
    const own = byMachine.get(machine.agent) ?? [];
    return own.length > 0
      ? [
          machineElement(
            machine,
            own.map((each) => malwareElement(each, machine.class)),
          ),
        ]
      : [];
  });
  const notUpdated = machines.filter(({ signatureTime }) => isNotUpdated(signatureTime, at)).length;
  return [
    element('Datetime', `${Math.floor(at / 1_000)}`),
    element('Malware', infected),
    // Nothing that the agents read tells of these.
    element('Connection', []),
    element('Vulnerability', []),
    element('OS', machines.map(systemElement)),
    element('Update', [element('NumberMachineNotUpdateOn15Day', `${notUpdated}`)]),
    element('QualityFeature', machines.map(qualityElement)),
  ];
}

function machineElement({ address, name }: ReportedMachine, content: readonly Element[]): Element {
  return element('Machine', content, { ip: address, name });
}

function malwareElement({ name, category, count }: ReportedMalware, agentClass: AgentClass): Element {
  return element('MalwareInfo', [
    element('MalwareName', name),
    element('MalwareType', category),
    element('MalwareBehavior', category),
    element('TypeOfDevice', devices[agentClass]),
    element('NumberFile', `${count}`),
  ]);
}

function systemElement(machine: ReportedMachine): Element {
  const { system, signatureTime } = machine;
  const updated = signatureTime === undefined ? '' : localTime(signatureTime);
  return machineElement(machine, [element('OSName', system), element('LastUpdate', updated)]);
}

function qualityElement(machine: ReportedMachine): Element {
  return machineElement(machine, [
    element('AutoProtect', machine.isGuarded ? '1' : '0'),
    element('EnableFirewall', machine.hasFirewall ? '1' : '0'),
  ]);
}

/** In Vietnam, without an offset: 2026-11-20T08:00:00. */
function localTime(time: number): string {
  return new Date(time + vietnamMs).toISOString().slice(0, 19);
}
