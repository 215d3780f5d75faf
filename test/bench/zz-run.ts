import { benchImport } from './import.ts';
import { printTable } from './table.ts';
printTable(await benchImport());
