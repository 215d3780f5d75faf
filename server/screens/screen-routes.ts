/** The doors of wall screens: `/api/screens…` (docs/SPEC.md [SC]). */
import type { Routes } from '#server/http/route.ts';
import { adminDoors, type AdminDoorOptions } from './admin-doors.ts';
import { pairingDoors, type PairingDoorOptions } from './pairing-doors.ts';

export const screenRoutes = (options: AdminDoorOptions & PairingDoorOptions): Routes =>
	new Map([...pairingDoors(options), ...adminDoors(options)]);
