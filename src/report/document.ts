/**
 * What a report looks like, free of any output form: views make documents, renderers (terminal, Markdown,
 * CSV) write them. Texts are raw: names from files are escaped by the renderer, in one routine per form.
 */
export interface Document {
  readonly blocks: readonly Block[];
}

export type Block =
  | { readonly type: 'heading'; readonly text: string }
  | { readonly type: 'text'; readonly lines: readonly string[]; readonly tone?: Tone }
  | { readonly type: 'sheet'; readonly sheet: Sheet }
  /** Small grey pictures side by side; forms that cannot draw leave them out. */
  | { readonly type: 'pictures'; readonly title: string; readonly pictures: readonly GreyPicture[] };

/** Grey levels, 0 to 255, rows of `width`. */
export interface GreyPicture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

export interface Sheet {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

export interface Column {
  readonly key: string;
  readonly title: string;
  readonly align: 'left' | 'right';
  /** Columns of the highest number are left out first where a terminal is narrow; 0 stays. */
  readonly priority: number;
}

export interface Row {
  readonly cells: readonly Cell[];
  /** Sums stand apart and are no part of the data: the total, and what is the rest of it. */
  readonly role?: 'total' | 'rest';
}

export interface Cell {
  readonly text: string;
  /** What stands in CSV: the number itself, nothing that a rounding touched. */
  readonly value?: string | number | null;
  readonly tone?: Tone;
}

export type Tone = 'strong' | 'dim' | 'good' | 'bad' | 'warn' | 'accent';
