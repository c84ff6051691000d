// What Swift's Glibc module leaves out. _GNU_SOURCE stays undefined on purpose: it would change the types of the
// socket calls that Glibc imports; the few GNU prototypes needed are declared here instead.
#pragma once
#include <malloc.h>
#include <crypt.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

int accept4(int fd, struct sockaddr *address, socklen_t *length, int flags);
void *memmem(const void *haystack, size_t haystack_length, const void *needle, size_t needle_length);
int pthread_setname_np(pthread_t thread, const char *name);
pid_t gettid(void);
int pipe2(int fds[2], int flags);

// syscall() is variadic and so not importable.
static inline int atrium_pidfd_open(pid_t pid) { return (int)syscall(434, pid, 0); }
static inline int atrium_errno(void) { return errno; }
