import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

import type { BackendResult, ContestantResult } from './compare.js';
import { OURS, PERMITS, REQUESTS } from './protocol.js';

/** The target for the ratio ours / theirs. */
const AT_MOST = 1.05;
/** The target for the processor time of our longest task, in milliseconds. */
const LONGEST_TASK = 50;

/** The conditions of the measurement. */
export interface Conditions {
  readonly chrome: string;
  /** The latency of the server in milliseconds. */
  readonly latency: number;
  readonly rounds: number;
}

/** The contents of the file that `--json` writes. */
export interface Report extends Conditions {
  readonly node: string;
  readonly processor: string;
  /** The versions of the measured packages. */
  readonly versions: Readonly<Record<string, string>>;
  readonly requests: number;
  readonly permits: number;
  readonly backends: readonly BackendResult[];
}

const packages = ['rxjs', '@angular/common'];

export function report(conditions: Conditions, backends: readonly BackendResult[]): Report {
  return {
    ...conditions,
    node: process.version,
    processor: cpus()[0]?.model ?? 'unknown',
    versions: Object.fromEntries([
      ['rxjs-locks', versionIn('../../package.json')],
      ...packages.map((name) => [name, versionIn(`../../node_modules/${name}/package.json`)]),
    ]) as Record<string, string>,
    requests: REQUESTS,
    permits: PERMITS,
    backends,
  };
}

/** The times, and the ratios ours / theirs with their middle half of the rounds. */
export function table({ backend, contestants }: BackendResult): string {
  const columns = ['ms', 'ours / theirs', 'main thread', 'ours / theirs', 'at once', 'long tasks', 'longest'];
  return [row(`HttpClient with ${backend}`, columns), ...contestants.map(line)].join('\n');
}

export interface Target {
  readonly name: string;
  readonly reached: boolean;
}

export function targets({ backend, contestants }: BackendResult): Target[] {
  return contestants.map(({ name, ratio, longestTask }) =>
    name === OURS
      ? {
          name: `${backend}: no long task of ours over ${String(LONGEST_TASK)} ms`,
          reached: longestTask <= LONGEST_TASK,
        }
      : { name: `${backend}: ours / ${name} at most ${String(AT_MOST)}`, reached: ratio.median <= AT_MOST },
  );
}

function line({ name, time, ratio, busy, busyRatio, most, longTasks, longestTask }: ContestantResult): string {
  const compared = ({ median, low, high }: typeof ratio): string =>
    name === OURS ? '' : `${median.toFixed(3)} (${low.toFixed(3)} … ${high.toFixed(3)})`;
  const longest = longTasks.length === 0 ? 'none' : `${String(longTasks.length)}, to ${Math.max(...longTasks).toFixed(0)} ms`;
  return row(`  ${name}`, [
    time.median.toFixed(0),
    compared(ratio),
    busy.median.toFixed(0),
    compared(busyRatio),
    String(most.atServer),
    longest,
    longestTask.toFixed(0),
  ]);
}

const widths = [7, 24, 15, 24, 9, 15, 9];

function row(name: string, cells: readonly string[]): string {
  return name.padEnd(32) + cells.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('');
}

/** The version in a package.json. */
function versionIn(path: string): string {
  const { version } = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as { version: string };
  return version;
}
