import { benchImport } from '/work/main/test/bench/import.ts';
import { printTable } from '/work/main/test/bench/table.ts';
printTable(await benchImport());
