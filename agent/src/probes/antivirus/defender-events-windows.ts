/**
 * Detections of Microsoft Defender from its event channel.
 * https://learn.microsoft.com/defender-endpoint/troubleshoot-microsoft-defender-antivirus
 */
import type { WindowsMachine } from '../windows/windows-machine.ts';
import { detectionsOf } from './defender-detections.ts';
import { eventSource } from './event-channel-windows.ts';
import type { DetectionSource } from './product-status.ts';
import { channelCleared, type TamperLog, tamperingOf } from './tamper-windows.ts';

/** Those of detections and of protection being turned off; ranges, because a query may not be long. */
const condition =
  '(EventID>=1006 and EventID<=1015) or (EventID>=1116 and EventID<=1119) or (EventID>=5001 and EventID<=5013)';

export function defenderEvents(machine: WindowsMachine, tampering: TamperLog): DetectionSource {
  return eventSource(machine, {
    name: 'defender-events',
    channel: 'Microsoft-Windows-Windows Defender/Operational',
    condition,
    service: /^windefend$/,
    detectionsOf(events) {
      for (const event of tamperingOf(events)) tampering.add(event);
      return detectionsOf(events);
    },
    onCleared: (time) => tampering.add({ id: channelCleared, time }),
  });
}
