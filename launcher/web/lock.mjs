// Makes package-lock.json: `npm run lock`. Debian 12's npm (9.2) cannot override a dependency on a git repository, so the
// lock file names the version that package.json overrides it with. No registry's address is kept.
// SPDX-License-Identifier: LGPL-2.1-or-later
import {execFileSync} from 'node:child_process';
import {readFileSync, writeFileSync} from 'node:fs';

execFileSync('npm', ['install', '--package-lock-only', '--ignore-scripts'], {stdio: 'inherit'});
const {overrides} = JSON.parse(readFileSync('package.json', 'utf8'));
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
for (const entry of Object.values(lock.packages)) {
  delete entry.resolved;
  for (const name of Object.keys(entry.dependencies ?? {}))
    entry.dependencies[name] = overrides[name] ?? entry.dependencies[name];
}
writeFileSync('package-lock.json', JSON.stringify(lock, null, 2) + '\n');
