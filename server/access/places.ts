/** Where streets and sites lie, by the live registry: looked up by code, made anew when the registry changed. */
import type { LiveState } from '#domain/state.ts';
import type { Places } from '#domain/scope.ts';
import type { Site } from '#domain/site.ts';

export function livePlaces(state: Pick<LiveState, 'revision' | 'sites' | 'areas'>): Places {
	let revision: number | null = null;
	let sites = new Map<string, Site>();
	let districts = new Map<string, string>();
	const renew = (): void => {
		if (revision === state.revision) return;
		revision = state.revision;
		sites = new Map(state.sites.flatMap((site) => (site ? [[site.code, site] as const] : [])));
		districts = new Map(
			state.areas.flatMap(({ code, level, parentCode }) =>
				level === 'street' && parentCode !== null ? [[code, parentCode] as const] : []
			)
		);
	};
	return {
		site(code) {
			renew();
			return sites.get(code) ?? null;
		},
		districtOfStreet(code) {
			renew();
			return districts.get(code) ?? null;
		}
	};
}
