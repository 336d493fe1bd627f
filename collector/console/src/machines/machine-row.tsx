import type { AgentView } from '../../../src/http/schemas.ts';
import { classTexts } from '../parts/class-texts.ts';
import { Meter } from '../parts/meter.tsx';
import { Ago, Since } from '../parts/relative-time.tsx';
import { StateLabel } from '../parts/state-mark.tsx';
import { Link, machinePath } from '../router.tsx';
import { useTexts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';

/** One machine. The values of one that does not report are drawn as the past that they are. */
export function MachineRow(props: { readonly machine: AgentView; readonly unitName: string }) {
  const { t } = useTexts();
  const { machine } = props;
  const { values } = machine;
  const isCurrent = machine.state === 'online' || machine.state === 'late';
  const title = isCurrent ? undefined : t('lastKnownValue');
  const mount = values.filesystem_mount && t('fullestDisk', { mount: safeText(values.filesystem_mount) });
  return (
    <tr class={isCurrent ? '' : 'is-past'} data-id={machine.id} data-state={machine.state}>
      <td class="column-state">
        <StateLabel state={machine.state} />
        <Since at={machine.state_since} />
      </td>
      <th scope="row" class="column-name">
        <Link to={machinePath(machine.id)} class="machine-name">
          <bdi>{safeText(machine.name) || machine.id}</bdi>
        </Link>
      </th>
      <td class="column-unit" title={props.unitName}>
        {props.unitName}
      </td>
      <td class="column-class">{t(classTexts[machine.class])}</td>
      <td class="column-cpu" data-label={t('cpu')}>
        <Meter percent={values.cpu_usage_percent} title={title} />
      </td>
      <td class="column-memory" data-label={t('memory')}>
        <Meter percent={values.memory_used_percent} title={title} />
      </td>
      <td class="column-filesystem" data-label={t('disk')}>
        <Meter percent={values.filesystem_used_percent} title={title ?? mount} />
      </td>
      <td class="column-last-seen">
        {machine.last_seen === undefined ? t('neverSeen') : <Ago at={machine.last_seen} />}
      </td>
    </tr>
  );
}
