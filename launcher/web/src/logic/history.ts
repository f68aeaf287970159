// What the plot shows: one sample for each status, over the last minutes.
// SPDX-License-Identifier: LGPL-2.1-or-later
import type {Status} from '../server/types';

export interface Sample {
  /** Time of the page's own clock, ms. */
  at: number;
  in: number | null;
  out: number | null;
  unique: number | null;
  /** Duplicates since the sample before; null if that cannot be told. */
  duplicates: number | null;
}

/** The plot's width in time. */
export const SPAN_MS = 5 * 60_000;

/** Rates of a stream that does not run are those of its last second: they are shown as a gap. */
function running<T>(status: Status, value: T): T | null {
  return status.state === 'running' ? value : null;
}

export class History {
  private samples: Sample[] = [];
  private duplicates: number | null = null;

  /** Adds a status and returns the samples that are left, oldest first. */
  add(status: Status, at: number): Sample[] {
    const before = this.duplicates;
    this.duplicates = running(status, status.duplicates);
    // The count begins again when the pipeline is rebuilt.
    const more =
      this.duplicates === null || before === null
        ? null
        : this.duplicates < before
          ? this.duplicates
          : this.duplicates - before;
    this.samples = this.samples.filter((sample) => sample.at >= at - SPAN_MS);
    this.samples.push({
      at,
      in: running(status, status.fps.in),
      out: running(status, status.fps.out),
      unique: running(status, status.fps.unique),
      duplicates: more,
    });
    return this.samples.slice();
  }

  clear(): void {
    this.samples = [];
    this.duplicates = null;
  }
}
