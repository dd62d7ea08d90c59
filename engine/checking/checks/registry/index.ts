import type { Dialect } from '../../../core/dialects';
import type { CheckGroup } from '../../../core/finding';
import { remembered } from '../../../core/remember';
import { type AnyTree, databaseOf } from '../../../databases/registry/index';
import type { Check, CheckRoom } from '../check';
import { postgresqlChecks } from '../postgresql/index';
import type { ProductChecks } from '../product-checks';
import { rooms } from './rooms';

/** A check with the group of its room. */
export interface RegisteredCheck<Tree = AnyTree> extends Check<Tree> {
  readonly group: CheckGroup;
}

/** The checks of each product. */
const products: readonly ProductChecks[] = [postgresqlChecks];

/** Every check, by id. */
export const checks: readonly RegisteredCheck[] = registered([...rooms, ...products.flatMap((each) => each.rooms)]);

const commonChecks: readonly RegisteredCheck<unknown>[] = registered<unknown>(rooms);

/** The checks of the product of a dialect, as `databaseOf` has it. */
export function productChecksOf(dialect: Dialect | undefined): ProductChecks | undefined {
  const database = databaseOf(dialect);
  return products.find((each) => each.database === database);
}

/** The checks that any migrations are given, and those of a product, by id; the same list for the same product. */
export function checksFor<Tree>(product: ProductChecks<Tree> | undefined): readonly RegisteredCheck<Tree>[] {
  return product ? (checksOfProduct(product) as readonly RegisteredCheck<Tree>[]) : commonChecks;
}

const checksOfProduct = remembered((product: object) => registered([...rooms, ...(product as ProductChecks).rooms]));

function registered<Tree>(all: readonly CheckRoom<Tree>[]): RegisteredCheck<Tree>[] {
  return all.flatMap(({ group, checks: own }) => own.map((check) => ({ ...check, group }))).sort((a, b) => (a.id < b.id ? -1 : 1));
}
