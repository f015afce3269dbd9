/** What a figure sees of its traits: anywidget's model in Jupyter, `PageModel` of host.js on a page. */
export interface Model<S extends object> {
  get<K extends keyof S & string>(name: K): S[K];
  set<K extends keyof S & string>(name: K, value: S[K]): void;
  save_changes(): void;
  on(names: string, callback: () => void): void;
  off(names: string, callback: () => void): void;
}

/** What `render` gets: the traits, and the element that the figure fills. */
export interface Host<S extends object> {
  model: Model<S>;
  el: HTMLElement;
}
