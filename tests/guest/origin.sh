# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# The table of 12 ways of making a process (ways.c), for the tests of origins. Source it
# after lib.sh; $inum is the namespace, $pid a process in it.

ways="fork vfork clone-parent thread helper double-fork daemon spawn unshare
	later-clone-parent later-fork later-daemon"
# Way N calls 600 + N before its execve and 700 + N after it; spawn, 7, calls setpgid before
BEFORE="109 600 601 602 603 604 605 606 608 609 610 611 "
AFTER="700 701 702 703 704 705 706 707 708 709 710 711 "

# calls KINDS - those of the ways that are in the sets
calls()
{
	echo "$(numbers "inum:$inum" "$1" 109 109)$(numbers "inum:$inum" "$1" 600 611)"
	numbers "inum:$inum" "$1" 700 711
}

# The last ones may still be on their way
all_there()
{
	[ "$(calls wcsd | tr -d '\n')" = "$BEFORE$AFTER" ]
}

# table NAME setup|workload CMD... - CMD brings the ways in; the stage of what they call
# before execve. After it all is workload.
table()
{
	t_name=$1 t_stage=$2
	shift 2
	./nl reset "inum:$inum"
	exit_is 0 "$t_name: 12 ways, all the way" "$@"
	poll_until 60 all_there
	if [ "$t_stage" = setup ]; then
		t_setup="$BEFORE" t_workload="
$AFTER"
	else
		t_setup='' t_workload="$BEFORE
$AFTER"
	fi
	is "$(calls wc)" "$t_workload" "$t_name: workload"
	is "$(calls sd | tr -d '\n')" "$t_setup" "$t_name: setup"
	unlike_of 'incomplete' "$t_name: nothing was missed" field flags "inum:$inum"
}

# engine NAME CMD... - CMD executes a program in the container
engine()
{
	e_name=$1
	shift
	# shellcheck disable=SC2086
	{
		table "$e_name" workload "$@" /ways here $ways
		# What the engine calls itself, in the namespace, before its execve
		is_ne "$(numbers "inum:$inum" sd)" "" "$e_name: what it calls itself is setup"
		table "$e_name, from outside" setup ./ways join "$pid" $ways
	}
	n=9
	for way in later-clone-parent later-fork later-daemon; do
		ok "$e_name: $way" "$@" /ways in $way
	done
	# mount pivot_root umount2 sethostname setns
	for nr in 165 155 166 170 308; do
		not_ok "$e_name: nothing of the engine's is in the profile: $nr" \
			has "inum:$inum" wc $nr
	done
}

