/**
 * What the frame of every page is told of the feeds: how old each is. Their names say which districts have which gateways, and
 * are for who looks after the feeds of the city.
 */
import { decide } from '#domain/permission.ts';
import type { SourceView } from '#domain/view.ts';

export function sourcesFor({ services, session }: App.Locals): readonly SourceView[] {
	if (!services || !session || (session.kind === 'person' && session.need !== null)) return [];
	const ask = { object: 'intake', right: 'see', scope: { level: 'city' } } as const;
	if (decide(session.grants, ask, services.places).isAllowed) return services.sources();
	// A screen of a part of the city has that part's own ages.
	if (session.kind === 'screen' && session.home !== 'city') return [];
	return services.sources().map((source) => ({ ...source, source: '' }));
}
