#!/usr/bin/env bash
# The man page of steg-audit has each command with exactly the options of its --help, and explains each option with its letter.
# Arguments: steg-audit, man page.
# SPDX-License-Identifier: LGPL-2.1-or-later
set -euo pipefail
tool=$1 page=$2
failed=0

# compare WHAT HELP_SAYS PAGE_SAYS
compare() {
  [ "$2" = "$3" ] || { echo "$1: --help has: $2; the man page has: $3"; failed=1; }
}

commands=$("$tool" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\) .*/\1/p')
[ -n "$commands" ] || { echo "--help lists no commands"; exit 1; }
compare commands "$commands" "$(sed -nE 's/^\.It Ic ([a-z-]+).*/\1/p' "$page")"
for command in $commands; do
  help=$("$tool" "$command" --help | sed -nE 's/^  (-[a-z], )?--([a-z-]+).*/\1--\2/p' | grep -v -- --help || true)
  compare "$command" "$(grep -oE -- '--[a-z-]+' <<<"$help" | sort | tr '\n' ' ')" \
    "$(grep -E "^\.It Ic $command( |$)" "$page" | grep -oE 'Fl -[a-z-]+' | sed 's/Fl /-/' | sort | tr '\n' ' ')"
  while IFS= read -r option; do
    [ -z "$option" ] || grep -qF -- "Fl $(sed 's/^-\(.\), --/\1 , -/; s/^--/-/' <<<"$option") " <(sed 's/$/ /' "$page") ||
      { echo "$command: the man page does not explain $option"; failed=1; }
  done <<<"$help"
done
exit $failed
