/** The doors of the map's ground. */
import { sendPrepared } from '#server/http/prepared.ts';
import type { Routes } from '#server/http/route.ts';
import type { GeoDesk } from './geo-desk.ts';

/** `GET /api/geo/areas` and `GET /api/geo/map`: docs/basemap.md says what they answer. */
export function geoRoutes(desk: GeoDesk): Routes {
	return new Map([
		['GET /api/geo/areas', async (request, response) => sendPrepared(request, response, (await desk.edition()).areas)],
		['GET /api/geo/map', async (request, response) => sendPrepared(request, response, (await desk.edition()).map)]
	]);
}
