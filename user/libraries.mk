# SPDX-License-Identifier: GPL-2.0
# The libraries, and what they can: for the tool and for its fuzzers. Wants CC and PKG_CONFIG.

# The oldest releases that the tool builds with are those of RHEL 8.1
OLDEST	:= libnl-3.0:3.4.0 libnl-genl-3.0:3.4.0 json-c:0.13.1 libseccomp:2.4.1
LIBS	:= $(foreach l,$(OLDEST),$(firstword $(subst :, ,$l)))
lacks	= $(shell $(PKG_CONFIG) --atleast-version=$(word 2,$1) $(word 1,$1) 2>/dev/null || \
	echo "$(word 1,$1) $(word 2,$1) (here: $$($(PKG_CONFIG) --modversion $(word 1,$1) 2>/dev/null || echo none)),")
LACKS	= $(strip $(foreach l,$(OLDEST),$(call lacks,$(subst :, ,$l))))
# YAML is read where libyaml is there; profiles in JSON need nothing more
HAVE_YAML := $(shell $(PKG_CONFIG) --exists yaml-0.1 && echo yes)
LIBS	+= $(if $(HAVE_YAML),yaml-0.1)

# The results of pkg-config: asked once, and only when something is built
PKG_CFLAGS = $(eval PKG_CFLAGS := $$(if $$(LACKS),$$(error the tool needs at least $$(LACKS) as $$(PKG_CONFIG) tells: \
	install them with their headers, or take what `make dist-binary` makes on a newer machine))$$(shell \
	$(PKG_CONFIG) --cflags $(LIBS)))$(PKG_CFLAGS)
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
