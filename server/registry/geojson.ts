/** Features of GeoJSON (RFC 7946): their properties are the columns, the point of the geometry is two more. */

/** Columns of the point. Never names of properties that a file would have for something else. */
export const GEOMETRY_HEADERS: readonly string[] = ['geometry.lng', 'geometry.lat'];

type FeatureReading =
	| { readonly ok: true; readonly object: Record<string, unknown> }
	| { readonly ok: false; readonly code: string; readonly message: string };

/** A feature without a geometry is a site without coordinates; one with another geometry than a point is refused. */
export function featureOf(element: unknown): FeatureReading {
	if (!isFeature(element))
		return bad('row_no_feature', 'This element is not a GeoJSON feature. Write one Feature per site.');
	const { properties, geometry } = element;
	const object = typeof properties === 'object' && properties !== null ? { ...properties } : {};
	if (geometry === null || geometry === undefined) return { ok: true, object };
	const point = pointOf(geometry);
	if (point === null)
		return bad('geometry_no_point', 'The geometry is not a Point. A site is one point: give its entrance or centre.');
	return {
		ok: true,
		object: { ...object, [GEOMETRY_HEADERS[0] ?? '']: point[0], [GEOMETRY_HEADERS[1] ?? '']: point[1] }
	};
}

function isFeature(element: unknown): element is { properties?: unknown; geometry?: unknown } {
	return typeof element === 'object' && element !== null && 'type' in element && element.type === 'Feature';
}

function pointOf(geometry: unknown): readonly [unknown, unknown] | null {
	if (typeof geometry !== 'object' || geometry === null || !('type' in geometry) || !('coordinates' in geometry))
		return null;
	const { coordinates } = geometry;
	if (geometry.type !== 'Point' || !Array.isArray(coordinates) || coordinates.length < 2) return null;
	return [coordinates[0], coordinates[1]];
}

function bad(code: string, message: string): FeatureReading {
	return { ok: false, code, message };
}
