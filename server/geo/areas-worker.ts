/** The thread of areas-job.ts: one task, one answer. */
import { parentPort, workerData } from 'node:worker_threads';
import { serviceAreas, type PlacedSites } from './service-areas.ts';

parentPort?.postMessage(serviceAreas(workerData as PlacedSites));
