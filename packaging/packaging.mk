# SPDX-License-Identifier: GPL-2.0
# Part of the Makefile: what is installed beside the program and the module, DKMS,
# packages.

# podman, buildah and CRI-O look there, whatever PREFIX is.
HOOKDIR	?= /usr/share/containers/oci/hooks.d
DOCDIR	?= $(PREFIX)/share/doc/sctrace
MODPROBEDIR ?= $(PREFIX)/lib/modprobe.d
SHAREDIR = $(PREFIX)/share/sctrace
HDRDIR	?= $(PREFIX)/include/sctrace
# How to tell each engine of sctrace-runtime; these are not installed where engines look.
RUNTIMEFILES = $(patsubst contrib/%,%,$(wildcard contrib/runtime/README contrib/runtime/*/*))
# DKMS looks there, whatever PREFIX is.
SRCDIR	= /usr/src/sctrace-$(VERSION)

.PHONY: extras_install extras_uninstall headers_install modprobe_install dkms_source_install dkms_install deb rpm dist dist-binary

# Only podman has the stage precreate: buildah and CRI-O fail on a file in HOOKDIR
# that names it. So that file is in a directory that is named on podman's command
# line, together with the others, of which podman would otherwise run none.
extras_install: headers_install modprobe_install	## install the hooks of podman and CRI-O, the module's options, the documents, the header
	install -d $(DESTDIR)$(HOOKDIR) $(DESTDIR)$(SHAREDIR)/hooks.d \
		$(addprefix $(DESTDIR)$(SHAREDIR)/,$(sort $(dir $(RUNTIMEFILES)))) \
		$(DESTDIR)$(SHAREDIR)/crio/hooks.d $(DESTDIR)$(SHAREDIR)/crio/crio.conf.d $(DESTDIR)$(SHAREDIR)/drift \
		$(DESTDIR)$(DOCDIR)/docs
	set -e; hooks() { for h in contrib/$$1/*.json; do \
		sed 's,/usr/bin/sctrace-nl,$(BINDIR)/sctrace-nl,g' $$h >$(DESTDIR)$$2/$${h##*/}; \
		chmod 0644 $(DESTDIR)$$2/$${h##*/}; done; }; \
	hooks hooks.d $(HOOKDIR); \
	hooks hooks.d $(SHAREDIR)/hooks.d; \
	hooks podman-hooks.d $(SHAREDIR)/hooks.d; \
	hooks crio/hooks.d $(SHAREDIR)/crio/hooks.d
	set -e; for f in $(RUNTIMEFILES); do \
		sed 's,/usr/bin/sctrace-runtime,$(BINDIR)/sctrace-runtime,g' contrib/$$f >$(DESTDIR)$(SHAREDIR)/$$f; \
		chmod 0644 $(DESTDIR)$(SHAREDIR)/$$f; done
	install -m 0644 contrib/drift/Containerfile contrib/drift/daemonset.yaml $(DESTDIR)$(SHAREDIR)/drift/
	install -m 0755 contrib/drift/crictl contrib/drift/sctrace-drift $(DESTDIR)$(SHAREDIR)/drift/
	install -m 0644 contrib/crio/README $(DESTDIR)$(SHAREDIR)/crio/
	install -m 0644 contrib/crio/crio.conf.d/50-sctrace.conf $(DESTDIR)$(SHAREDIR)/crio/crio.conf.d/
	install -m 0644 README.md SECURITY.md CONTRIBUTING.md NEWS.md $(DESTDIR)$(DOCDIR)/
	install -m 0644 docs/*.md $(DESTDIR)$(DOCDIR)/docs/

headers_install:	## install the header of the netlink protocol
	install -d $(DESTDIR)$(HDRDIR)
	install -m 0644 kmod/uapi/*.h $(DESTDIR)$(HDRDIR)/

modprobe_install:
	install -d $(DESTDIR)$(MODPROBEDIR)
	install -m 0644 packaging/modprobe.d/sctrace.conf $(DESTDIR)$(MODPROBEDIR)/

extras_uninstall:
	rm -f $(DESTDIR)$(HOOKDIR)/sctrace-prestart.json $(DESTDIR)$(HOOKDIR)/sctrace-poststop.json \
		$(DESTDIR)$(MODPROBEDIR)/sctrace.conf
	rm -rf $(DESTDIR)$(SHAREDIR) $(DESTDIR)$(DOCDIR) $(DESTDIR)$(HDRDIR)

dkms_source_install:	## install the module's sources where DKMS looks
	install -d $(DESTDIR)$(SRCDIR)/kmod/uapi
	install -m 0644 Kbuild LICENSE $(DESTDIR)$(SRCDIR)/
	sed 's/^PACKAGE_VERSION=.*/PACKAGE_VERSION="$(VERSION)"/' dkms.conf >$(DESTDIR)$(SRCDIR)/dkms.conf
	install -m 0644 kmod/*.c kmod/*.h $(DESTDIR)$(SRCDIR)/kmod/
	install -m 0644 kmod/uapi/*.h $(DESTDIR)$(SRCDIR)/kmod/uapi/

dkms_install: user_install extras_install	## install the tool, and the module by DKMS
	scripts/module dkms "$(VERSION)" "$(KVER)"

deb:			## make Debian packages, in packaging/out
	packaging/build deb

rpm:			## make RPM packages, in packaging/out
	packaging/build rpm

dist:			## make an archive of the sources, in packaging/out
	packaging/build dist

dist-binary:		## make an archive with static programs, the module's sources and an installer
	packaging/build binary
