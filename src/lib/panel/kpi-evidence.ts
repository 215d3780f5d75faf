/** The evidence of every measure over the same stations: what a strip of figures shows beside them. */
import { evidenceOf, MEASURES, type Evidence, type MeasureId } from '#domain/measure.ts';
import type { LiveView } from '#domain/view.ts';

export type KpiEvidence = Readonly<Record<MeasureId, Evidence>>;

/** `rows` as they are given to `kpisOf`. */
export function kpiEvidence(
	rows: readonly number[],
	view: Pick<LiveView, 'sites' | 'columns'>,
	nowMs: number
): KpiEvidence {
	return Object.fromEntries(MEASURES.map((id) => [id, evidenceOf(rows, view, id, nowMs)])) as Record<
		MeasureId,
		Evidence
	>;
}
