/** What messages are about. */
export const incidentEvents = ['opened', 'updated', 'escalated', 'resolved'] as const;
export type IncidentEvent = (typeof incidentEvents)[number];
export const messageEvents = [...incidentEvents, 'digest', 'test'] as const;
export type MessageEvent = (typeof messageEvents)[number];
