/** The entry points of the package: the name that users import, and the path of its source. */
export const entryPoints: readonly {
  readonly name: string;
  readonly path: string;
}[];
