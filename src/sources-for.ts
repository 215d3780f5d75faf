/**
 * What the frame of every page is told of the feeds: how old each is. Their names say which districts have which gateways, and
 * are for who looks after the feeds of the city.
 */
import { decide } from '#domain/permission.ts';
import type { SourceView } from '#domain/view.ts';

/** Whether they look after the feeds of the city: the one question behind names of sources and sums of what was refused. */
export function seesFeeds({ services, session }: App.Locals): boolean {
	const ask = { object: 'intake', right: 'see', scope: { level: 'city' } } as const;
	return services !== null && decide(session?.grants ?? [], ask, services.places).isAllowed;
}

export function sourcesFor(locals: App.Locals): readonly SourceView[] {
	const { services, session } = locals;
	if (!services || !session || (session.kind === 'person' && session.need !== null)) return [];
	if (seesFeeds(locals)) return services.sources();
	// A screen of a part of the city has that part's own ages.
	if (session.kind === 'screen' && session.home !== 'city') return [];
	return services.sources().map((source) => ({ ...source, source: '' }));
}
