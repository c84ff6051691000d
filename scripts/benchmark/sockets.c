// Many clients of /ws on one thread.
//   sockets PORT COUNT SECONDS [TOKEN ROOM]
// Opens COUNT sockets, signs them in and enters ROOM when given, says "ready" on a line, reads for SECONDS and tells what
// it saw, as JSON. Events carry "t", microseconds since 1970; the difference to the clock is how long they took.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define ROOM_FOR 16384

struct client {
    int fd, have, upgraded, entered;
    char *buffer;
};

static struct client *clients;
static double *latencies;
static long events, lost, room_latencies;
static int ready;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static void frame(int fd, int kind, const char *data, int length) {
    unsigned char head[8] = {0x80 | kind, 0x80 | (length < 126 ? length : 126)};
    int size = 2;
    if (length >= 126) {
        head[2] = length >> 8;
        head[3] = length & 255;
        size = 4;
    }
    // A key of zeros masks nothing.
    memset(head + size, 0, 4);
    char whole[8192];
    memcpy(whole, head, size + 4);
    memcpy(whole + size + 4, data, length);
    if (write(fd, whole, size + 4 + length) != size + 4 + length) lost++;
}

static int compare(const void *a, const void *b) {
    double d = *(const double *)a - *(const double *)b;
    return d < 0 ? -1 : d > 0;
}

static void text(struct client *c, char *data, int length) {
    data[length] = 0;
    if (!strncmp(data, "{\"type\":\"event\"", 15)) {
        // As PostgreSQL writes it: {"t" : 1}.
        char *t = strstr(data, "\"t\" : ");
        if (!t) return;
        events++;
        if (room_latencies < 50000000) latencies[room_latencies++] = now() - atof(t + 6);
    } else if (strstr(data, "\"subscribed\"") && !c->entered) {
        c->entered = 1;
        ready++;
    } else if (strstr(data, "\"error\"")) {
        fprintf(stderr, "%s\n", data);
    }
}

/// False when the connection is over.
static int take(struct client *c) {
    int count = read(c->fd, c->buffer + c->have, ROOM_FOR - 1 - c->have);
    if (count <= 0) return count < 0 && errno == EAGAIN;
    c->have += count;
    if (!c->upgraded) {
        c->buffer[c->have] = 0;
        char *end = strstr(c->buffer, "\r\n\r\n");
        if (!end) return 1;
        if (strncmp(c->buffer, "HTTP/1.1 101", 12)) return 0;
        c->upgraded = 1;
        int used = end + 4 - c->buffer;
        memmove(c->buffer, c->buffer + used, c->have -= used);
    }
    int start = 0;
    while (c->have - start >= 2) {
        unsigned char *head = (unsigned char *)c->buffer + start;
        int length = head[1] & 127, size = 2;
        if (length == 126) {
            if (c->have - start < 4) break;
            length = head[2] << 8 | head[3];
            size = 4;
        }
        if (length > ROOM_FOR - 64) return 0;
        if (c->have - start < size + length) break;
        char *data = c->buffer + start + size;
        char kept = data[length];
        if ((head[0] & 15) == 9) frame(c->fd, 10, data, length);
        else if ((head[0] & 15) == 8) return 0;
        else text(c, data, length);
        data[length] = kept;
        start += size + length;
    }
    memmove(c->buffer, c->buffer + start, c->have -= start);
    return 1;
}

int main(int argc, char **argv) {
    if (argc < 4) return 2;
    int port = atoi(argv[1]), count = atoi(argv[2]);
    double seconds = atof(argv[3]);
    const char *token = argc > 5 ? argv[4] : NULL, *room = argc > 5 ? argv[5] : NULL;
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    clients = calloc(count, sizeof *clients);
    latencies = malloc(50000000 * sizeof *latencies);
    int epoll = epoll_create1(0);
    char request[512], message[4096];
    int asked = snprintf(request, sizeof request,
        "GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    for (int n = 0; n < count; n++) {
        struct client *c = &clients[n];
        c->buffer = malloc(ROOM_FOR);
        c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        // Several local addresses: one has only some 28,000 ports.
        struct sockaddr_in own = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000002 + n / 2500)};
        struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(0x7f000001)};
        if (bind(c->fd, (struct sockaddr *)&own, sizeof own) || connect(c->fd, (struct sockaddr *)&server, sizeof server)) {
            perror("connect");
            return 1;
        }
        if (write(c->fd, request, asked) != asked) return 1;
        while (!c->upgraded)
            if (!take(c)) {
                fprintf(stderr, "refused: %.*s\n", c->have, c->buffer);
                return 1;
            }
        if (token) {
            frame(c->fd, 1, message, snprintf(message, sizeof message, "{\"type\":\"auth\",\"token\":\"%s\"}", token));
            frame(c->fd, 1, message, snprintf(message, sizeof message, "{\"type\":\"subscribe\",\"room\":\"%s\"}", room));
            while (!c->entered)
                if (!take(c)) {
                    fprintf(stderr, "not entered\n");
                    return 1;
                }
        }
        fcntl(c->fd, F_SETFL, O_NONBLOCK);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
        epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &event);
    }
    printf("ready\n");
    fflush(stdout);
    double end = now() + seconds * 1e6;
    struct epoll_event happened[256];
    while (now() < end) {
        int many = epoll_wait(epoll, happened, 256, 50);
        for (int i = 0; i < many; i++) {
            struct client *c = happened[i].data.ptr;
            if (!take(c)) {
                lost++;
                epoll_ctl(epoll, EPOLL_CTL_DEL, c->fd, NULL);
            }
        }
    }
    qsort(latencies, room_latencies, sizeof *latencies, compare);
    double p50 = room_latencies ? latencies[room_latencies / 2] : 0, p99 = room_latencies ? latencies[(long)(room_latencies * 0.99)] : 0;
    printf("{\"sockets\": %d, \"events\": %ld, \"lost\": %ld, \"p50\": %.2f, \"p99\": %.2f, \"max\": %.2f}\n", count, events, lost,
        p50 / 1e3, p99 / 1e3, room_latencies ? latencies[room_latencies - 1] / 1e3 : 0);
    return 0;
}
