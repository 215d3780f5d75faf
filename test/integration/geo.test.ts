import { existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { feature } from 'topojson-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OpenDatabase } from '#db/client.ts';
import { areas as areaTable, sites as siteTable } from '#db/schema.ts';
import { readConfig } from '#server/config.ts';
import { GeoDesk } from '#server/geo/geo-desk.ts';
import { geoRoutes } from '#server/geo/geo-routes.ts';
import { prepareDemo } from '#server/store/demo-store.ts';
import { loadCodedAreas, loadPlacedSites } from '#server/store/geo-store.ts';
import { bumpRegistryRevision } from '#server/store/query.ts';
import { registryRevision } from '#server/store/registry-store.ts';
import { testDatabases } from '#test/support/databases.ts';
import { openDoors, type TestDoors } from '#test/support/doors.ts';
import { tempDir } from '#test/support/temp-dir.ts';

const SHARED_DATA =
	process.env['YIZHAN_SHARED_DATA'] ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));
const WUXI = `${SHARED_DATA}/boundaries/wuxi-districts.geojson`;

interface Layer<P> {
	geometries: { properties?: P }[];
}
interface Shapes<P> {
	bbox?: number[];
	objects: Record<string, Layer<P>>;
}

interface Areas {
	revision: number;
	source: string;
	reviewNumber: string | null;
	attribution: string | null;
	topology: Shapes<{ code: string; name: string }>;
}
interface MapAnswer {
	reviewNumber: string | null;
	attribution: string | null;
	showBoundaries: boolean;
	tiles: { url: string }[];
	problems: { code: string; file: string; message: string }[];
}

const square = (adcode: string, lng: number, lat: number, size = 0.1) => ({
	type: 'Feature',
	properties: { gb: `156${adcode}` },
	geometry: {
		type: 'Polygon',
		coordinates: [
			[
				[lng, lat],
				[lng + size, lat],
				[lng + size, lat + size],
				[lng, lat + size],
				[lng, lat]
			]
		]
	}
});

describe.each(testDatabases())('the ground of the map on $name', ({ open }) => {
	let database: OpenDatabase;
	let folder: { path: string; remove: () => void };
	let desk: GeoDesk;
	let doors: TestDoors;
	let url: string;

	beforeAll(async () => {
		database = await open();
		const config = readConfig({ DEMO: 'registry' });
		if (!config.ok) throw new Error(config.problems.join());
		await prepareDemo(database.db, config.config, () => {});
	});
	afterAll(() => database.close());

	beforeEach(async () => {
		folder = tempDir('geo');
		const { db } = database;
		desk = new GeoDesk({
			folder: join(folder.path, 'basemap'),
			registry: {
				revision: () => registryRevision(db),
				load: async () => ({ sites: await loadPlacedSites(db), areas: await loadCodedAreas(db) })
			}
		});
		doors = await openDoors(geoRoutes(desk));
		url = doors.url;
	});
	afterEach(async () => {
		await doors.close();
		folder.remove();
	});

	let written = 0;
	/** Each writing gets a moment of its own: two in one tick of a file system's clock would look alike. */
	const drop = (name: string, content: object | string): void => {
		const path = join(folder.path, 'basemap', name);
		mkdirSync(join(folder.path, 'basemap'), { recursive: true });
		writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
		utimesSync(path, 1e9 + written, 1e9 + written++);
	};
	const areas = async (): Promise<Areas> => (await (await fetch(`${url}/api/geo/areas`)).json()) as Areas;
	const map = async (): Promise<MapAnswer> => (await (await fetch(`${url}/api/geo/map`)).json()) as MapAnswer;
	const names = ({ topology }: Areas, level: string) =>
		topology.objects[level]?.geometries.map(({ properties }) => properties?.name);

	it('is the service areas of every district and street that has sites, without a file', async () => {
		const answer = await areas();
		expect(answer).toMatchObject({ source: 'computed', reviewNumber: null, attribution: null });
		expect(answer.revision).toBeGreaterThan(0);
		expect(names(answer, 'districts')).toEqual([
			'梁溪区',
			'锡山区',
			'惠山区',
			'滨湖区',
			'新吴区',
			'经开区',
			'江阴市',
			'宜兴市'
		]);
		expect(names(answer, 'streets')?.length).toBeGreaterThan(60);
		expect(await map()).toEqual({
			reviewNumber: null,
			attribution: null,
			showBoundaries: false,
			tiles: [],
			problems: []
		});
	});

	it('holds the demo city: of its sites at least 99 of 100 lie in the district they name', async () => {
		await desk.edition();
		const areasByCode = new Map((await loadCodedAreas(database.db)).map((area) => [area.code, area]));
		const sites = await loadPlacedSites(database.db);
		const right = sites.filter(({ lng, lat, district }) => desk.areaAt(lng, lat)?.district === district);
		expect(right.length / sites.length).toBeGreaterThan(0.99);
		expect(areasByCode.has(desk.areaAt(120.2996, 31.5747)?.district ?? '')).toBe(true);
		expect(desk.areaAt(121.47, 31.23)).toBeNull();
	});

	it('is sent packed, kept by browsers, and asked for again with 304', async () => {
		const first = await fetch(`${url}/api/geo/areas`, { headers: { 'accept-encoding': 'gzip' } });
		expect(first.headers.get('content-encoding')).toBe('gzip');
		expect(Number(first.headers.get('content-length'))).toBeLessThan(15_000);
		expect(first.headers.get('vary')).toBe('accept-encoding');
		await first.arrayBuffer();
		const etag = first.headers.get('etag') ?? '';
		const again = await fetch(`${url}/api/geo/areas`, { headers: { 'if-none-match': etag } });
		expect([again.status, await again.text()]).toEqual([304, '']);
		const plain = await fetch(`${url}/api/geo/areas`, { headers: { 'accept-encoding': 'identity' } });
		expect(plain.headers.get('content-encoding')).toBeNull();
	});

	it('takes polygons as soon as they lie in the folder, and lets them go with the file', async () => {
		expect((await areas()).source).toBe('computed');
		drop('districts.geojson', {
			type: 'FeatureCollection',
			features: [square('320205', 130, 40), square('310101', 1, 1)]
		});
		const official = await areas();
		expect(official.source).toBe('official');
		expect(names(official, 'districts')).toEqual(['锡山区']);
		expect(names(official, 'streets')?.length).toBeGreaterThan(60);
		expect(desk.areaAt(130.05, 40.05)).toEqual({ district: expect.any(String) as string, street: null });
		expect((await map()).problems.map(({ code }) => code)).toEqual([
			'unmatched_features',
			'areas_without_polygon',
			'no_review_number'
		]);
		drop('districts.geojson', { type: 'FeatureCollection', features: [square('320206', 130, 40)] });
		expect(names(await areas(), 'districts')).toEqual(['惠山区']);
		rmSync(join(folder.path, 'basemap/districts.geojson'));
		expect((await areas()).source).toBe('computed');
	});

	it('draws lines of official polygons only under a review number, and not where it is told not to', async () => {
		drop('districts.geojson', square('320205', 130, 40));
		expect((await map()).showBoundaries).toBe(false);
		drop('map.json', { reviewNumber: 'GS(2024)0650', attribution: '天地图' });
		expect(await map()).toMatchObject({ reviewNumber: 'GS(2024)0650', attribution: '天地图', showBoundaries: true });
		expect(await areas()).toMatchObject({ reviewNumber: 'GS(2024)0650', attribution: '天地图' });
		drop('map.json', { reviewNumber: 'GS(2024)0650', showBoundaries: false });
		expect((await map()).showBoundaries).toBe(false);
		drop('map.json', { showBoundaries: true });
		expect(await map()).toMatchObject({ showBoundaries: false, problems: [{}, { code: 'no_review_number' }] });
	});

	it('goes on with bad files, which it names', async () => {
		drop('broken.geojson', '{ "type": "FeatureCol');
		drop('map.json', '﻿{ "tiles": [{ "url": "ftp://x/{z}/{x}/{y}" }, { "url": "https://x.cn/{z}/{x}/{y}" }] }');
		drop('readme.txt', 'not a map');
		mkdirSync(join(folder.path, 'basemap/folder.json'));
		const answer = await map();
		expect(answer.tiles.map((tile) => tile.url)).toEqual(['https://x.cn/{z}/{x}/{y}']);
		expect(answer.problems.map(({ code, file }) => [code, file])).toEqual([
			['bad_field', 'map.json'],
			['unreadable_file', 'broken.geojson']
		]);
		expect((await areas()).source).toBe('computed');
	});

	it.skipIf(!existsSync(WUXI))('fits seven real district polygons, and says which district has none', async () => {
		drop('wuxi.geojson', readFileSync(WUXI, 'utf8'));
		drop('map.json', { reviewNumber: 'GS(2024)0650' });
		const answer = await areas();
		const [topology, object] = [answer.topology, answer.topology.objects['districts']];
		const shapes = feature(...([topology, object] as unknown as Parameters<typeof feature>));
		const features = 'features' in shapes ? (shapes.features as object[]) : [];
		expect(features).toHaveLength(7);
		expect(await map()).toMatchObject({
			showBoundaries: true,
			problems: [
				{
					code: 'areas_without_polygon',
					message: expect.stringContaining('Districts without a polygon (1): 经开区.') as string
				}
			]
		});
	});

	it('follows the registry: a new district has an area once its sites are there', async () => {
		const before = await areas();
		const { db } = database;
		await db.insert(areaTable).values({ code: 'new', name: '新区', level: 'district' });
		await db.insert(siteTable).values(
			[0, 1, 2].map((i) => ({
				code: `Z${i}`,
				name: `新站${i}`,
				kind: 'service_station' as const,
				districtCode: 'new',
				lng: 120.9 + i / 50,
				lat: 31.9 + (i % 2) / 50
			}))
		);
		await bumpRegistryRevision(db);
		const after = await areas();
		expect(after.revision).toBeGreaterThan(before.revision);
		expect(names(after, 'districts')).toContain('新区');
		expect(desk.areaAt(120.92, 31.92)).toEqual({ district: 'new', street: null });
	});
});

describe('the committed basemap', () => {
	const read = (name: string): unknown =>
		JSON.parse(readFileSync(fileURLToPath(new URL(`../../static/geo/${name}`, import.meta.url)), 'utf8'));

	it('has the named lakes, the river, the canal, all inside its frame', () => {
		const water = read('water.json') as Shapes<{ name: string | null; maxZoom?: number }>;
		const named = Object.entries(water.objects).map(([layer, { geometries }]) => [
			layer,
			geometries.flatMap(({ properties }) => properties?.name ?? [])
		]);
		expect(Object.fromEntries(named)).toEqual({
			lakes: ['长江', '长荡湖', '滆湖', '太湖', '阳澄湖', '淀山湖'],
			rivers: ['吴淞江', '黄浦江', '通吕运河'],
			canals: ['京杭运河']
		});
		expect(water.bbox?.map((degrees) => Math.round(degrees * 1e4) / 1e4)).toEqual([119.2, 30.8, 121.1, 32.3]);
		for (const line of [...(water.objects['rivers']?.geometries ?? []), ...(water.objects['canals']?.geometries ?? [])])
			expect(line.properties?.maxZoom).toBe(11);
	});

	it('has places sorted by rank, each with both names', () => {
		const places = read('places.json') as { name: string; nameEn: string; rank: number; lng: number }[];
		expect(places.length).toBeGreaterThan(40);
		expect(places.map(({ rank }) => rank)).toEqual(places.map((_, index) => index + 1));
		expect(places.every(({ name, nameEn }) => /\p{Script=Han}/u.test(name) && /^[\x20-\u024f’]+$/.test(nameEn))).toBe(
			true
		);
		expect(places.slice(0, 2).map(({ name }) => name)).toEqual(['苏州', '无锡']);
	});
});
