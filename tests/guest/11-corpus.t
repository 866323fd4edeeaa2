#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What is recorded of real programs is what strace -f saw of the same run: every number in
# its ABI, stage and confinement, nothing else. The programs that this system has; those
# that it has not are added by tests/field/programs (make check-corpus).
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"
. ./exact.sh
. ./programs.sh

T=$TMPDIR
programs_add
# Into a container: no library, no file that a distribution may put elsewhere
permissive_profile "$T/all.json"
load_module || bail "the module does not load"
cleanup unload_module
cd "$T" || exit 1
for f in nl nsrun ways calls threads exact.awk; do
	ln -s "$OLDPWD/$f" "$f"
done

# corpus PROGRAM CMD... - when the program is there
corpus()
{
	_program=$1
	shift
	if command -v "$_program" >/dev/null; then
		same "$_program" "$@"
		ok "$_program: did its work" grep -q '^done' "$LIB_TMP/said"
	else
		skip 4 "no $_program here (make check-corpus)"
	fi
}

cat >perl.pl <<'EOS'
use IO::Socket::INET;
my $s = IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1") or die;
pipe(my $r, my $w);
my $pid = fork;
if (!$pid) {
	my $c = IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => $s->sockport) or die;
	print $c "hello\n";
	exit 0;
}
my $c = $s->accept;
print $w scalar <$c>;
close $w;
waitpid $pid, 0;
open my $f, ">", "perl.out" or die;
print $f sort { $a cmp $b } glob("/etc/*");
close $f;
rename "perl.out", "perl.new";
kill 0, $$;
system "/bin/true";
print "done ", scalar <$r>;
EOS
corpus perl perl perl.pl

cat >prog.c <<'EOS'
#include <pthread.h>
#include <stdio.h>
static void *run(void *arg) { puts(arg); return NULL; }
int main(void)
{
	pthread_t t;
	pthread_create(&t, NULL, run, "done");
	return pthread_join(t, NULL);
}
EOS
corpus gcc sh -c 'gcc -O1 -pthread -o prog prog.c && ./prog'
corpus tar sh -c 'tar -cf - -C /etc . | xz -0 >etc.txz && mkdir x && tar -C x -xJf etc.txz &&
	rm -r x && echo done'
corpus jq sh -c 'echo "[3,1,2]" | jq -c sort | sed "s/^/done /"'
corpus make sh -c 'printf "all: a b\n\techo done\na b:\n\tsleep 0.1\n" >Makefile && make -s -j2'
corpus ip sh -c 'ip -br addr >/dev/null && ip link set lo up && ps -e >/dev/null && echo done'
corpus busybox sh -c 'mkdir -p www && echo done >www/index.html
	busybox httpd -f -p 127.0.0.1:8088 -h www & p=$!
	until busybox wget -q -O - http://127.0.0.1:8088/; do sleep 0.1; done
	kill $p'
corpus openssl sh -c 'openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
		-keyout key.pem -out cert.pem -subj /CN=box -days 1 2>/dev/null &&
	openssl dgst -sha256 -sign key.pem -out sig cert.pem && openssl enc -aes-256-cbc -pbkdf2 \
		-k word -in cert.pem -out enc && echo done'
corpus git sh -c 'export HOME=$PWD && git init -q repo && cd repo && git config user.email a@b &&
	git config user.name a && cp ../prog.c . && git add . && git commit -q -m one &&
	git gc -q && git clone -q . ../copy && git log --oneline >/dev/null && echo done'
corpus sqlite3 sh -c 'sqlite3 db "pragma journal_mode=wal; create table t(a, b);
	insert into t values(1, 2), (3, 4); create index i on t(a); vacuum;
	select \"done\", sum(b) from t;" | grep ^done'
corpus redis-server sh -c 'redis-server --unixsocket redis.sock --port 0 --save 60 1 \
		--daemonize no >redis.log & p=$!
	until redis-cli -s redis.sock ping >/dev/null 2>&1; do sleep 0.2; done
	redis-cli -s redis.sock set a 1 >/dev/null
	redis-cli -s redis.sock bgsave >/dev/null
	redis-cli -s redis.sock get a
	sleep 1
	redis-cli -s redis.sock shutdown
	wait $p && echo done'
cat >nginx.conf <<EOS
user root;
error_log $T/nginx.log;
pid $T/nginx.pid;
events { }
http {
	access_log $T/access.log;
	server { listen 127.0.0.1:8089; root $T/www; }
}
EOS
corpus nginx sh -c 'nginx -g "daemon off;" -c $PWD/nginx.conf & p=$!
	until busybox wget -q -O - http://127.0.0.1:8089/; do sleep 0.2; done
	nginx -c $PWD/nginx.conf -s quit
	wait $p'
corpus curl sh -c 'busybox httpd -f -p 127.0.0.1:8090 -h www & p=$!
	until curl -s --compressed http://127.0.0.1:8090/; do sleep 0.1; done
	curl -s -T nginx.conf file://$PWD/copied
	kill $p'
# In two namespaces: its own init calls no execve
corpus bwrap bwrap --bind / / --unshare-pid --unshare-ipc --proc /proc --dev /dev \
	sh -c 'mkdir z && rmdir z && echo done'

# --- an engine under a filter of its own: what it calls, and its container's record

# fresh CMD... - as the init of a namespace, with a /proc of that
cat >fresh <<'EOS'
mount -t proc proc /proc && exec "$@"
EOS
make_bundle "$T/b" --seccomp "$T/all.json" -- sh -c 'ls / >/dev/null; mkdir /z; echo done'
same crun unshare -m sh fresh ./ways filter crun run -b "$T/b" corpus
ok "crun: did its work" grep -q ^done "$LIB_TMP/said"
# Without a namespace around it, the container's record is the only one
same_all "crun from under a filter" ./ways filter crun run -b "$T/b" corpus2
is "$(cut -d' ' -f3 "$LIB_TMP/want" | sort -u | tr -d '\n')" cds \
	"crun from under a filter: set-up before its container's filter, and both stages behind it"

if [ -n "$PROGRAMS" ]; then
	. "$SCTRACE_SRC/tests/guest/podman.sh"
	podman_setup >/dev/null || bail "podman does not work here"
	set -- podman --runtime crun run --rm --network=none "$IMAGE" sh -c 'mkdir /z; echo done'
	same_all "podman from under a filter" ./ways filter "$@"
	ok "podman: did its work" grep -q ^done "$LIB_TMP/said"
	same podman unshare -m sh fresh ./ways filter "$@"
	ok "podman: did its work" grep -q ^done "$LIB_TMP/said"
else
	skip 8 "podman takes long under strace (make check-corpus)"
fi
done_testing
