// A clock that stands still, for a process that asks the system: preloaded, it answers for the wall
// clock with the milliseconds since 1970 in the file that REHEARSED_CLOCK names, which is mapped, so
// that whoever writes there moves it. Every other clock is the system's: timeouts go on.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t *now_ms;

__attribute__((constructor)) static void map(void) {
    const char *path = getenv("REHEARSED_CLOCK");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    void *mapped = file < 0 ? MAP_FAILED : mmap(0, sizeof *now_ms, PROT_READ, MAP_SHARED, file, 0);
    if (mapped == MAP_FAILED) abort();
    now_ms = mapped;
}

int clock_gettime(clockid_t clock, struct timespec *at) {
    if (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE)
        return (int)syscall(SYS_clock_gettime, clock, at);
    int64_t ms = *now_ms;
    at->tv_sec = ms / 1000;
    at->tv_nsec = ms % 1000 * 1000000;
    return 0;
}
