/** Something a deployer should mend in `DATA_DIR/basemap/`. The map goes on without it. */
export interface GeoProblem {
	readonly code: 'unreadable_file' | 'bad_field' | 'unmatched_features' | 'areas_without_polygon' | 'no_review_number';
	/** name of the file in the folder; '' = the folder as a whole */
	readonly file: string;
	/** one sentence that says what to do */
	readonly message: string;
}
