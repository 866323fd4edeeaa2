# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# Real programs that do some work each, and say "done". Source it after lib.sh, with an empty
# directory as the current one.
#
#	corpus_files		make what they work with
#	corpus_programs		call for each
#		corpus PROGRAM CMD...	which is run in that directory. It works once more when
#					it was run, and needs PROGRAM
#
# Those that this system has not are brought by tests/field/programs (make check-corpus).

corpus_files()
{
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
	cat >prog.c <<'EOS'
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
static void *run(void *arg) { free(malloc(1 << 20)); return arg; }
int main(void)
{
	pthread_t t[3];
	int i, two[2], on = 1, n;
	void *p, *out = NULL;

	for (i = 0; i < 3; i++)
		if (pthread_create(&t[i], NULL, run, "done"))
			return 1;
	for (i = 0; i < 3; i++)
		pthread_join(t[i], &out);
	/* musl hands on the sign of a request that is an int */
	ioctl(0, TIOCGPTN, &n);
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, two) ||
	    setsockopt(two[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)))
		return 1;
	p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED || mprotect(p, 4096, PROT_READ) || madvise(p, 4096, MADV_DONTNEED))
		return 1;
	if (!fork())
		_exit(system("exit 7") == 7 << 8 ? 0 : 1);
	wait(&n);
	puts(n ? "failed" : out);
	return 0;
}
EOS
	cat >python.py <<'EOS'
import os, select, socket, subprocess, threading
a, b = socket.socketpair()
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("127.0.0.1", 0))
s.listen()
def client():
    with socket.create_connection(s.getsockname()) as c:
        c.sendall(b"done\n")
t = threading.Thread(target=client)
t.start()
c, _ = s.accept()
select.select([c], [], [], 10)
text = c.recv(100)
t.join()
subprocess.run(["true"], check=True)
with open("python.out", "wb") as f:
    f.write(text)
os.rename("python.out", "python.new")
print(open("python.new").read(), end="")
EOS
	cat >node.js <<'EOS'
const fs = require("fs"), net = require("net"), zlib = require("zlib");
const { spawnSync } = require("child_process");
const server = net.createServer(c => c.end("done\n")).listen(0, "127.0.0.1", () => {
	const c = net.connect(server.address().port, "127.0.0.1");
	c.on("data", text => {
		fs.writeFileSync("node.out", zlib.gzipSync(text));
		spawnSync("true");
		process.stdout.write(zlib.gunzipSync(fs.readFileSync("node.out")));
		server.close();
	});
});
EOS
	cat >nginx.conf <<'EOS'
user root;
error_log nginx.log;
pid nginx.pid;
events { }
http {
	access_log access.log;
	server { listen 127.0.0.1:8089; root www; }
}
EOS
	mkdir -p www
	echo "done" >www/index.html
	cc=$(command -v gcc) && "$cc" -O1 -pthread -o threaded prog.c
	cc=$(command -v musl-gcc) && "$cc" -O1 -static -o musl prog.c
	ln -sf /opt/i386/bin/busybox busybox32
}

corpus_programs()
{
	corpus python3 python3 python.py
	corpus perl perl perl.pl
	corpus gcc ./threaded
	corpus musl-gcc ./musl
	corpus /opt/i386/bin/busybox ./busybox32 sh -c 'ls -l / | ./busybox32 sort | ./busybox32 wc -l
		./busybox32 sleep 0.01; ./busybox32 stty -a 2>/dev/null; ./busybox32 echo done'
	corpus tar sh -c 'tar -cf - -C /etc . | xz -0 >etc.txz && mkdir x && tar -C x -xJf etc.txz &&
		rm -r x && echo done'
	corpus jq sh -c 'echo "[3,1,2]" | jq -c sort | sed "s/^/done /"'
	corpus make sh -c 'printf "all: a b\n\techo done\na b:\n\tsleep 0.1\n" >Makefile && make -s -j2'
	corpus ip sh -c 'ip -br addr >/dev/null && ps -e >/dev/null && echo done'
	corpus busybox sh -c 'busybox httpd -f -p 127.0.0.1:8088 -h www & p=$!
		until busybox wget -q -O - http://127.0.0.1:8088/; do sleep 0.1; done
		kill $p'
	corpus openssl sh -c 'openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
			-keyout key.pem -out cert.pem -subj /CN=box -days 1 2>/dev/null &&
		openssl dgst -sha256 -sign key.pem -out sig cert.pem && openssl enc -aes-256-cbc -pbkdf2 \
			-k word -in cert.pem -out enc && echo done'
	corpus git sh -c 'rm -rf repo copy; export HOME=$PWD && git init -q repo && cd repo &&
		git config user.email a@b && git config user.name a && cp ../prog.c . && git add . &&
		git commit -q -m one && git gc -q && git clone -q . ../copy &&
		git log --oneline >/dev/null && echo done'
	corpus sqlite3 sh -c 'rm -f db*; sqlite3 db "pragma journal_mode=wal; create table t(a, b);
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
	corpus nginx sh -c 'nginx -g "daemon off;" -p $PWD -c nginx.conf & p=$!
		until busybox wget -q -O - http://127.0.0.1:8089/; do sleep 0.2; done
		nginx -p $PWD -c nginx.conf -s quit
		wait $p'
	corpus curl sh -c 'busybox httpd -f -p 127.0.0.1:8090 -h www & p=$!
		until curl -s --compressed http://127.0.0.1:8090/; do sleep 0.1; done
		curl -s -T nginx.conf file://$PWD/copied
		kill $p'
	corpus node node node.js
	corpus keytool sh -c 'rm -f store; keytool -genkeypair -keyalg EC -alias a -dname CN=box \
		-keystore store -storepass secret >/dev/null 2>&1 &&
		keytool -list -keystore store -storepass secret >/dev/null 2>&1 && echo done'
}
