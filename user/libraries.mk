# SPDX-License-Identifier: GPL-2.0
# The libraries, and what they can: for the tool and for its fuzzers. Wants CC and PKG_CONFIG.

LIBS	:= libnl-3.0 libnl-genl-3.0 json-c libseccomp
# YAML is read where libyaml is there; profiles in JSON need nothing more
HAVE_YAML := $(shell $(PKG_CONFIG) --exists yaml-0.1 && echo yes)
LIBS	+= $(if $(HAVE_YAML),yaml-0.1)

# The results of pkg-config: asked once, and only when something is built
PKG_CFLAGS = $(eval PKG_CFLAGS := $$(shell $(PKG_CONFIG) --cflags $(LIBS)))$(PKG_CFLAGS)
PKG_LIBS = $(eval PKG_LIBS := $$(shell $(PKG_CONFIG) --libs $(LIBS)))$(PKG_LIBS)

# What newer libraries have: older ones are done without
hash	:= \#
has = $(shell printf "%s\n" "$(hash)include <$1>" "long f(void); long f(void) { return (long)($2); }" | \
	$(CC) $(PKG_CFLAGS) $(CPPFLAGS) -x c -fsyntax-only - 2>/dev/null && echo -D$3)
HAVE = $(eval HAVE := \
	$$(call has,json-c/json.h,json_object_new_uint64,HAVE_JSON_UINT64) \
	$$(call has,json-c/json.h,json_tokener_get_parse_end,HAVE_JSON_PARSE_END) \
	$$(call has,seccomp.h,SCMP_FLTATR_CTL_OPTIMIZE,HAVE_SCMP_OPTIMIZE) \
	$(if $(HAVE_YAML),-DHAVE_LIBYAML))$(HAVE)
