/** The state of the feeds is the city's: who answers for a part of it sees the refusals of that part, and no sums of the whole. */
import { decide } from '#domain/permission.ts';
import type { DataQuality } from '../../app.d.ts';

export async function qualityFor({ services, session }: App.Locals): Promise<DataQuality | null> {
	if (!services || !session) return null;
	const ask = { object: 'intake', right: 'see', scope: { level: 'city' } } as const;
	return decide(session.grants, ask, services.places).isAllowed ? services.quality() : null;
}
