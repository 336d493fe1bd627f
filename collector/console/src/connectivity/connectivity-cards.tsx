import type { ComponentChildren } from 'preact';
import type { AgentWithPoints } from '../../../src/http/schemas.ts';
import { CensusCard } from './census-card.tsx';
import { ConnectivityCard } from './connectivity-card.tsx';
import { LinesCard } from './lines-card.tsx';
import { pointsOf } from './point-fields.ts';
import { RelayCard } from './relay-card.tsx';

/** What a machine reaches, and what a gateway does besides; its charts come after the targets. */
export function ConnectivityCards(props: {
  readonly machine: Pick<AgentWithPoints, 'points' | 'unit'>;
  readonly children: ComponentChildren;
}) {
  const { points, unit } = props.machine;
  const lines = pointsOf(points, 'link');
  const [relay] = pointsOf(points, 'relay');
  const networks = pointsOf(points, 'lan_census');
  return (
    <>
      <ConnectivityCard points={points} />
      {props.children}
      {lines.length > 0 && <LinesCard lines={lines} />}
      {relay && <RelayCard relay={relay} />}
      {networks.length > 0 && <CensusCard networks={networks} unit={unit} />}
    </>
  );
}
