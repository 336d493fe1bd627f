import type { DeviceListAnswer } from '../../../src/http/device-schemas.ts';
import { Ago } from '../parts/relative-time.tsx';
import { Link, machinePath } from '../router.tsx';
import { useTexts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';
import { writeDeviceClass } from './device-classes.ts';

type Device = DeviceListAnswer['items'][number];

/** One row a device. */
export function DeviceTable(props: { readonly devices: readonly Device[] }) {
  const { t } = useTexts();
  return (
    <table class="table device-table">
      <thead>
        <tr>
          <th scope="col">{t('device')}</th>
          <th scope="col">{t('deviceClass')}</th>
          <th scope="col">{t('deviceAddress')}</th>
          <th scope="col">{t('deviceAgent')}</th>
          <th scope="col">{t('deviceFirstSeen')}</th>
          <th scope="col">{t('deviceLastSeen')}</th>
        </tr>
      </thead>
      <tbody>
        {props.devices.map((device) => (
          <DeviceRow key={device.mac} device={device} />
        ))}
      </tbody>
    </table>
  );
}

function DeviceRow(props: { readonly device: Device }) {
  const { t, format, language } = useTexts();
  const { device } = props;
  const name = device.agent_name ? safeText(device.agent_name) : device.agent;
  return (
    <tr data-mac={device.mac} data-present={device.present}>
      <th scope="row">
        <bdi>{device.vendor === undefined ? t('deviceNoVendor') : safeText(device.vendor)}</bdi>
        {device.is_new && <span class="tag tag-new">{t('deviceNew')}</span>}
        <div class="muted device-mac">{device.mac}</div>
      </th>
      <td data-label={t('deviceClass')}>{writeDeviceClass(device.class, language)}</td>
      <td data-label={t('deviceAddress')}>
        {device.address}
        {device.address6 !== undefined && <div>{device.address6}</div>}
        <div class="muted">{safeText(device.network)}</div>
      </td>
      <td data-label={t('deviceAgent')}>
        {device.agent === undefined ? (
          <span class="muted">{t('deviceNoAgent')}</span>
        ) : (
          <Link to={machinePath(device.agent)}>
            <bdi>{name}</bdi>
          </Link>
        )}
      </td>
      <td data-label={t('deviceFirstSeen')} class="nowrap">
        <time dateTime={device.first_seen} title={format.dateTime(Date.parse(device.first_seen))}>
          {format.date(Date.parse(device.first_seen))}
        </time>
      </td>
      <td data-label={t('deviceLastSeen')} class="nowrap">
        {device.present ? t('devicePresent') : <Ago at={device.last_seen} />}
      </td>
    </tr>
  );
}
