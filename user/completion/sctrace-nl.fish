# SPDX-License-Identifier: GPL-2.0
# fish completion for sctrace-nl, which knows itself what may come next.

function __sctrace_nl
	set -l words (commandline -opc)
	set -l cur (commandline -ct)
	for line in ($words[1] complete fish $words[2..-1] "$cur" 2>/dev/null)
		set -l keep (string replace -r '.* ' '' -- $line)
		switch $line
			case ':files *' ':dirs *'
				set -l list __fish_complete_path
				string match -q ':dirs *' -- $line; and set list __fish_complete_directories
				for path in ($list (string sub -s (math $keep + 1) -- "$cur"))
					printf '%s%s\n' (string sub -l $keep -- "$cur") $path
				end
			case ':command *'
				__fish_complete_subcommand --fcs-skip=(math $keep + 1)
			case '*'
				printf '%s\n' $line
		end
	end
end

complete -c sctrace-nl -f -a '(__sctrace_nl)'
