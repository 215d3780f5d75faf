/** The moving parts of a `DataTable`: filter, order and choice of columns. TanStack Table sorts and keeps the state. */
import {
	columnVisibilityFeature,
	createSortedRowModel,
	createTable,
	rowSortingFeature,
	tableFeatures,
	type ColumnDef,
	type SortingState
} from '@tanstack/svelte-table';
import { comparer, filterRows, type TableColumn, type TableSort } from './table-column.ts';
import { keepHidden, keepQuery, keepSort, readHidden, readQuery, readSort } from './table-memory.ts';

/** by id of the column; false = taken out */
type VisibilityState = Record<string, boolean>;

const features = tableFeatures({
	rowSortingFeature,
	columnVisibilityFeature,
	sortedRowModel: createSortedRowModel()
});

export interface TableInput<Row> {
	/** name under which the choice of columns is kept */
	readonly id: string;
	readonly rows: readonly Row[];
	readonly columns: readonly TableColumn<Row>[];
	readonly keyOf: (row: Row) => string;
	readonly sort: TableSort | null;
	readonly languageTag: string;
}

function visibility<Row>(columns: readonly TableColumn<Row>[], hidden: readonly string[] | null): VisibilityState {
	const isShown = (column: TableColumn<Row>): boolean =>
		column.isFixed === true || !(hidden ? hidden.includes(column.id) : (column.isHidden ?? false));
	return Object.fromEntries(columns.map((column) => [column.id, isShown(column)]));
}

export class TableModel<Row extends object> {
	#query = $state('');
	#sorting = $state.raw<SortingState>([]);
	#visibility = $state.raw<VisibilityState>({});
	readonly #input: () => TableInput<Row>;
	readonly #filtered: readonly Row[];
	readonly #table;

	/** `input` is read again whenever what it reads changes. Made while a component starts. */
	constructor(input: () => TableInput<Row>) {
		this.#input = input;
		const first = input();
		this.#sorting = first.sort ? [{ ...first.sort }] : [];
		this.#visibility = visibility(first.columns, null);
		this.#filtered = $derived(filterRows(input().rows, input().columns, this.#query));
		const definitions = $derived.by(() => this.#definitions());
		const filtered = (): readonly Row[] => this.#filtered;
		const sorting = (): SortingState => this.#sorting;
		const shown = (): VisibilityState => this.#visibility;
		this.#table = createTable<typeof features, Row>({
			features,
			get columns() {
				return definitions;
			},
			get data() {
				return filtered() as Row[];
			},
			getRowId: (row) => input().keyOf(row),
			state: {
				get sorting() {
					return sorting();
				},
				get columnVisibility() {
					return shown();
				}
			}
		});
	}

	/** Takes what this browser has kept. After the page has come alive: the server knows none of it. */
	remember(): void {
		const { id, columns } = this.#input();
		this.#visibility = visibility(columns, readHidden(id));
		this.#query = readQuery(id);
		const sort = readSort(id);
		if (sort && columns.some((column) => column.id === sort.id)) this.#sorting = [sort];
	}

	/** what is typed into the filter */
	get query(): string {
		return this.#query;
	}

	set query(query: string) {
		this.#query = query;
		keepQuery(this.#input().id, query);
	}

	get rows(): readonly Row[] {
		return this.#table.getRowModel().rows.map((row) => row.original);
	}

	get columns(): readonly TableColumn<Row>[] {
		return this.#input().columns.filter(({ id }) => this.#visibility[id] !== false);
	}

	sortOf(id: string): 'ascending' | 'descending' | 'none' {
		const own = this.#sorting.find((sort) => sort.id === id);
		return own ? (own.desc ? 'descending' : 'ascending') : 'none';
	}

	/** Figures begin with the largest, words with the first. A second time turns it round. */
	sortBy(column: TableColumn<Row>): void {
		const now = this.sortOf(column.id);
		const desc = now === 'none' ? column.align === 'end' : now === 'ascending';
		this.#sorting = [{ id: column.id, desc }];
		keepSort(this.#input().id, { id: column.id, desc });
	}

	toggle(id: string): void {
		this.#visibility = { ...this.#visibility, [id]: this.#visibility[id] === false };
		const hidden = Object.keys(this.#visibility).filter((other) => this.#visibility[other] === false);
		keepHidden(this.#input().id, hidden);
	}

	#definitions(): ColumnDef<typeof features, Row>[] {
		const { columns, languageTag } = this.#input();
		const compare = comparer(languageTag);
		return columns.map((column) => ({
			id: column.id,
			// `undefined` is what the library puts last, in either direction.
			accessorFn: (row: Row) => column.value(row) ?? undefined,
			sortUndefined: 'last' as const,
			sortFn: (a, b, id) => compare(a.getValue(id), b.getValue(id))
		}));
	}
}
