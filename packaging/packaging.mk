# SPDX-License-Identifier: GPL-2.0
# Part of the Makefile: what distributions are given.

SRCDIR	= $(DESTDIR)$(PREFIX)/src/sctrace-$(VERSION)
HOOKDIR	= $(DESTDIR)$(PREFIX)/share/containers/oci/hooks.d
MODPROBEDIR = $(DESTDIR)$(PREFIX)/lib/modprobe.d

.PHONY: dkms_source_install extras_install deb rpm

dkms_source_install:	## install the module's sources where DKMS looks
	install -d $(SRCDIR)/kmod/uapi
	install -m 0644 Kbuild LICENSE dkms.conf $(SRCDIR)/
	install -m 0644 kmod/*.c kmod/*.h $(SRCDIR)/kmod/
	install -m 0644 kmod/uapi/*.h $(SRCDIR)/kmod/uapi/

extras_install:		## install the hooks of podman and the module's options
	install -d $(HOOKDIR) $(MODPROBEDIR)
	install -m 0644 contrib/hooks.d/*.json $(HOOKDIR)/
	install -m 0644 packaging/modprobe.d/sctrace.conf $(MODPROBEDIR)/

deb:			## make Debian packages, in packaging/out
	packaging/build deb

rpm:			## make RPM packages, in packaging/out
	packaging/build rpm
