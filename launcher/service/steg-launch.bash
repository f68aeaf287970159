# bash completion for steg-launch.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
_steg_launch() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} word file=
  COMPREPLY=()
  for word in "${COMP_WORDS[@]:1}"; do
    case $word in *.pipeline) file=$word ;; esac
  done
  case $previous in
    --log-format) mapfile -t COMPREPLY < <(compgen -W "text json" -- "$current"); return ;;
    --token-file) mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    --listen) mapfile -t COMPREPLY < <(compgen -W "127.0.0.1:5000" -- "$current"); return ;;
    --set | -s)
      # The variables of the file that is named already.
      if [ -r "$file" ]; then
        mapfile -t COMPREPLY < <(compgen -S = -W "$(sed -n '/^\[variables\]/,/^\[/s/^\([A-Za-z0-9_-]*\)=.*/\1/p' "$file")" -- "$current")
        compopt -o nospace
      fi
      return
      ;;
  esac
  case $current in
    -*) mapfile -t COMPREPLY < <(compgen -W "--set --listen --token-file --log-format --no-autostart --check --print --version --help" \
      -- "$current") ;;
    *)
      local folder=${GST_STEG_PIPELINE_PATH:-/usr/local/share/gst-steg/pipelines}
      mapfile -t COMPREPLY < <(compgen -f -X '!*.pipeline' -- "$current"; compgen -d -- "$current"
        [ -d "$folder" ] && cd "$folder" && compgen -f -X '!*.pipeline' -- "$current")
      ;;
  esac
}
complete -F _steg_launch steg-launch
