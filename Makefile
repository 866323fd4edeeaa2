# SPDX-License-Identifier: GPL-2.0

VERSION	:= $(shell sed -n 's/^\#define SCTRACE_VERSION "\(.*\)"/\1/p' kmod/version.h)
KVER	?= $(shell uname -r)
KDIR	?= /lib/modules/$(KVER)/build
DESTDIR	?=
PREFIX	?= /usr
BINDIR	?= $(PREFIX)/bin
# A kernel that clang built takes a module by clang. Its own Makefile reads LLVM.
# ifndef, not ?=: a make above this one exports an empty LLVM for its own KDIR.
ifndef LLVM
LLVM	:= $(if $(shell grep -s '^CONFIG_CC_IS_CLANG=y' "$(KDIR)/include/config/auto.conf"),1)
endif

export VERSION DESTDIR PREFIX BINDIR LLVM

.PHONY: all modules user static install modules_install user_install uninstall clean help check check-install check-fuzz check-cells check-long demo fuzz

all: modules user

modules:	## build sctrace.ko for KDIR
	@scripts/preflight "$(KDIR)"
	$(MAKE) -C "$(KDIR)" M="$(CURDIR)" modules

user:		## build user/sctrace-nl and user/sctrace-runtime
	$(MAKE) -C user

static:		## build user/static/sctrace-nl and sctrace-runtime, which need no shared libraries
	$(MAKE) -C user static

install: user_install extras_install modules_install	## install the module, the tool and all that belongs to it

modules_install: modules
	$(if $(DESTDIR),,@scripts/preflight -i "$(KDIR)")
	scripts/module install "$(KDIR)"

user_install: $(if $(STATIC),static,user)
	$(MAKE) -C user install

uninstall: extras_uninstall	## remove what install or dkms_install has installed
	$(MAKE) -C user uninstall
	$(if $(DESTDIR),,scripts/module remove "$(VERSION)")

check:		## run all tests (as root: boots guests)
	scripts/bootstrap
	$(MAKE) -j 2 -C user check
	tests/matrix/preflight
	$(MAKE) -j 2 --output-sync=target check-install check-fuzz
	tests/lab/lab test -j 3 -t 1200 6.1 6.12 5.10 7.3
	$(MAKE) -j 2 --output-sync=target check-cells bench-check

check-install:
	tests/docs/install

check-fuzz:
	$(MAKE) -C tests/fuzz smoke

check-cells:
	tests/matrix/matrix run arm64-6.1 i386-6.1

check-long:	## the storms, sweeps and fuzzing of make check, as long as they may be (as root)
	scripts/bootstrap
	tests/lab/lab test -j 2 -t 7200 -a "RELOAD_TIMES=50 STORM_SECONDS=120 FUZZ_SECONDS=300 REFUSED_RUNS=100 UNIT_STARTS=10 SCOPE_BURSTS=10 VALUES_SEED=$$(date +%s)" \
		6.1 7.3 10-exact.t 33-unit.t 45-scope.t 65-reload.t 70-storm.t 73-fuzz.t 80-refused.t

fuzz:		## fuzz each reader of files for TIME=60 seconds
	scripts/bootstrap
	$(MAKE) -C tests/fuzz fuzz

demo:		## record a container, write its profile, run it under it
	scripts/demo

clean:		## remove what was built
	-test ! -d "$(KDIR)" || $(MAKE) -C "$(KDIR)" M="$(CURDIR)" clean
	$(MAKE) -C user clean

include packaging/packaging.mk
-include tests/bench/bench.mk tests/docs/docs.mk tests/matrix/matrix.mk tests/mutants/mutants.mk
-include tests/static/static.mk tests/debug/debug.mk tests/field/field.mk scripts/lint.mk

help:		## show this
	@sed -n 's/^\([a-z_-]*\):[^#]*## /  \1\t/p' $(MAKEFILE_LIST) | expand -t 20
