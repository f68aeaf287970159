// Numbers and times for people, in the page's language.
// SPDX-License-Identifier: LGPL-2.1-or-later

/** What stands for a value that the server does not have. */
export const NONE = '–';

export function formatNumber(value: number | null | undefined, language: string, digits = 0): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NONE;
  return new Intl.NumberFormat(language, {minimumFractionDigits: 0, maximumFractionDigits: digits}).format(value);
}

/** 4213 seconds: "1:10:13". */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [Math.floor((whole % 3600) / 60), whole % 60].map((part) => String(part).padStart(2, '0'));
  const hours = Math.floor(whole / 3600);
  const time = [hours % 24, ...parts].join(':');
  return hours < 24 ? time : `${Math.floor(hours / 24)} d ${time}`;
}

/** A place in a clip: "0:01.60". */
export function formatPosition(seconds: number): string {
  const hundredths = Math.round(seconds * 100);
  const minutes = Math.floor(hundredths / 6000);
  return `${minutes}:${((hundredths % 6000) / 100).toFixed(2).padStart(5, '0')}`;
}

export function formatBytes(bytes: number, language: string): string {
  const mebibytes = bytes / 1024 / 1024;
  return mebibytes < 1024
    ? `${formatNumber(mebibytes, language)} MiB`
    : `${formatNumber(mebibytes / 1024, language, 1)} GiB`;
}

/** Time of day with milliseconds, in the viewer's time zone; the text itself if it is no time. */
export function formatClock(iso: string, language: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  return new Intl.DateTimeFormat(language, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hourCycle: 'h23',
  }).format(time);
}

/** "2026-11-22T11:29Z" or a finer UTC time as "2026-11-22 11:29". */
export function formatMinute(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ');
}

/**
 * The bound 10^log10_p as text: "10" with a superscript exponent. A p-value of 1e-280 has no other form that people
 * would read.
 */
export function formatPower(log10: number): string {
  const digits = '⁰¹²³⁴⁵⁶⁷⁸⁹';
  const exponent = Math.ceil(log10);
  return `10${exponent < 0 ? '⁻' : ''}${[...String(Math.abs(exponent))].map((digit) => digits[Number(digit)]).join('')}`;
}
