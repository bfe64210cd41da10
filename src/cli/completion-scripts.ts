// What a shell is told once: to ask `retrace completion suggest` where Tab is pressed. That prints `files`, `folders` or `none`, which the shell
// adds itself, and then a candidate a line, with what it is about behind a tab.

/** Works from bash 3.2 (macOS) on, which has no compopt. */
const bash = `_retrace() {
  local line='' files='' value='' quoted='' cur="\${COMP_WORDS[COMP_CWORD]}"
  local -a words
  words=("\${COMP_WORDS[@]:0:COMP_CWORD+1}")
  COMPREPLY=()
  while IFS= read -r line; do
    if [ -z "$files" ]; then files=$line; continue; fi
    value=\${line%%$'\\t'*}
    if [ "$files" = none ]; then printf -v quoted %q "$value"; else quoted=$value; fi
    case $cur in [\\"\\']*) quoted=$value ;; esac
    COMPREPLY+=("$quoted")
  done < <("$1" completion suggest -- "\${words[@]}" 2>/dev/null)
  case $files in
    files) while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$cur") ;;
    folders) while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -d -- "$cur") ;;
    *) case \${COMPREPLY[0]-} in *=) compopt -o nospace 2>/dev/null ;; esac; return ;;
  esac
  compopt -o filenames 2>/dev/null
}
complete -F _retrace retrace`

const zsh = `#compdef retrace
_retrace() {
  local -a lines described
  local line value
  lines=("\${(@f)$("$words[1]" completion suggest -- "\${(@)words[1,CURRENT]}" 2>/dev/null)}")
  for line in "\${(@)lines[2,-1]}"; do
    value=\${line%%$'\\t'*}
    described+=("\${value//:/\\\\:}:\${line#*$'\\t'}")
  done
  (( $#described )) && _describe -V 'retrace' described
  case $lines[1] in
    files) _files ;;
    folders) _files -/ ;;
  esac
}
if [ "$funcstack[1]" = _retrace ]; then _retrace "$@"; else compdef _retrace retrace; fi`

const fish = `function __retrace_complete
    set -l current (commandline -ct)
    set -l words (commandline -opc) "$current"
    set -l files
    for line in ($words[1] completion suggest -- $words 2>/dev/null)
        if set -q files[1]
            echo $line
        else
            set files $line
        end
    end
    switch "$files"
        case files
            __fish_complete_path $current
        case folders
            __fish_complete_directories $current
    end
end
complete -c retrace -f -a '(__retrace_complete)'`

export const completionScripts = { bash, zsh, fish } as const
