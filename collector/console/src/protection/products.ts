/** Whether it is a product that is there: `none` says that there is none, and one that went is told of once more. */
export function isProduct({ product, read_state }: { readonly product: string; readonly read_state: string }): boolean {
  return product !== 'none' && read_state !== 'absent';
}
