// SPDX-License-Identifier: GPL-2.0
/*
 * For `make static` only. libnl's functions that name hosts and protocols, which
 * sctrace does not call, are linked all the same. Those of the C library under
 * them load shared libraries of the version that the program was linked with. With these here
 * nothing of that is in the program.
 */

#include <netdb.h>
#include <stddef.h>
#include <sys/socket.h>

int getaddrinfo(const char *node, const char *service,
		const struct addrinfo *hints, struct addrinfo **res)
{
	(void)node;
	(void)service;
	(void)hints;
	*res = NULL;
	return EAI_FAIL;
}

void freeaddrinfo(struct addrinfo *res)
{
	(void)res;
}

struct protoent *getprotobyname(const char *name)
{
	(void)name;
	return NULL;
}

struct protoent *getprotobynumber(int proto)
{
	(void)proto;
	return NULL;
}
