/** Whatever outlives a function call here is undone when its test ends: a node:test context is one. */
export type Scope = { readonly after: (undo: () => unknown) => void };
