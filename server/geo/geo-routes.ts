/** The doors of the map's ground. */
import type { DoorRule } from '#server/access/rule.ts';
import { sendPrepared } from '#server/http/prepared.ts';
import type { Routes } from '#server/http/route.ts';
import type { GeoDesk } from './geo-desk.ts';

/** `GET /api/geo/areas` and `GET /api/geo/map`: docs/basemap.md says what they answer. */
export function geoRoutes(desk: GeoDesk): Routes {
	// The ground is the same for everybody: outlines and names, no figures.
	const rule: DoorRule = { who: 'known' };
	return new Map([
		[
			'GET /api/geo/areas',
			{
				rule,
				answer: async (request, response) => sendPrepared(request, response, (await desk.edition()).areas)
			}
		],
		[
			'GET /api/geo/map',
			{
				rule,
				answer: async (request, response) => sendPrepared(request, response, (await desk.edition()).map)
			}
		]
	]);
}
