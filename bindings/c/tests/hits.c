/* Writes the hits of names, one line a hit, and measures many calls from four threads.
 *
 *     hits INDEX NAMES OUTPUT CALLS
 *
 * NAMES has one name a line. Every answer of the measured calls is compared with the first one. The cost is processor time of
 * the calling threads.
 */
#define _POSIX_C_SOURCE 200809L
#include <interdict.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { THREADS = 4, MAX_HITS = 64, MAX_TEXT = 1 << 16, MAX_NAMES = 1 << 20 };

static const char *const SCHEMAS[] = {"Unknown", "Person", "Organization", "Company", "LegalEntity",
                                      "Vessel",  "Aircraft", "CryptoWallet", "Other"};

static interdict_screener screener;
static char **names;
static size_t name_count;
static uint64_t *expected;
static long calls;

typedef struct buffers {
    interdict_hit hits[MAX_HITS];
    char texts[MAX_TEXT];
} buffers;

static interdict_answer screen(const char *name, buffers *b) {
    interdict_answer answer;
    if (interdict_screen_name(screener, name, strlen(name), b->hits, MAX_HITS, b->texts, MAX_TEXT, &answer) != INTERDICT_OK) {
        fprintf(stderr, "%s: %s\n", name, interdict_last_error());
        exit(1);
    }
    return answer;
}

/* A number that depends on all of an answer. */
static uint64_t hash_of(const interdict_answer *answer, const buffers *b) {
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < answer->written; i++) {
        uint32_t score;
        memcpy(&score, &b->hits[i].score, sizeof score);
        hash = (hash ^ score ^ ((uint64_t)b->hits[i].entity << 32)) * 0x100000001b3u;
    }
    return hash;
}

static void write_hits(FILE *out) {
    static buffers b;
    for (size_t n = 0; n < name_count; n++) {
        interdict_answer answer = screen(names[n], &b);
        expected[n] = hash_of(&answer, &b);
        for (size_t i = 0; i < answer.written; i++) {
            const interdict_hit *h = &b.hits[i];
            fprintf(out, "%zu\t%.5f\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", n + 1, h->score, b.texts + h->list.offset,
                    b.texts + h->entity_id.offset, b.texts + h->entity_name.offset, b.texts + h->matched_name.offset,
                    SCHEMAS[h->schema], b.texts + h->program.offset, h->matched_by == 0 ? "name" : "identifier",
                    b.texts + h->group.offset);
        }
    }
}

static void *run(void *argument) {
    size_t first = *(size_t *)argument * name_count / THREADS;
    buffers *b = malloc(sizeof *b);
    struct timespec begin, end;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begin);
    for (long i = 0; i < calls / THREADS; i++) {
        size_t at = (first + (size_t)i) % name_count;
        interdict_answer answer = screen(names[at], b);
        if (hash_of(&answer, b) != expected[at]) {
            fprintf(stderr, "%s: another answer than before\n", names[at]);
            exit(1);
        }
    }
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end);
    free(b);
    double *nanos = malloc(sizeof *nanos);
    *nanos = (double)(end.tv_sec - begin.tv_sec) * 1e9 + (double)(end.tv_nsec - begin.tv_nsec);
    return nanos;
}

static void read_names(const char *path) {
    FILE *file = fopen(path, "r");
    if (file == NULL) exit(2);
    names = malloc(sizeof *names * MAX_NAMES);
    char *line = NULL;
    size_t capacity = 0;
    ssize_t len;
    while (name_count < MAX_NAMES && (len = getline(&line, &capacity, file)) > 0) {
        if (line[len - 1] == '\n') line[len - 1] = '\0';
        names[name_count++] = strdup(line);
    }
    free(line);
    fclose(file);
    expected = calloc(name_count, sizeof *expected);
}

int main(int count, char **arguments) {
    if (count != 5) return 2;
    const char *paths[] = {arguments[1]};
    if (interdict_open(paths, NULL, 1, NULL, 0, &screener) != INTERDICT_OK) {
        fprintf(stderr, "%s\n", interdict_last_error());
        return 1;
    }
    read_names(arguments[2]);
    FILE *out = fopen(arguments[3], "w");
    if (out == NULL) return 2;
    write_hits(out);
    fclose(out);
    calls = atol(arguments[4]);
    pthread_t threads[THREADS];
    size_t numbers[THREADS];
    double nanos = 0;
    for (size_t t = 0; t < THREADS; t++) {
        numbers[t] = t;
        pthread_create(&threads[t], NULL, run, &numbers[t]);
    }
    for (size_t t = 0; t < THREADS; t++) {
        void *of_thread;
        pthread_join(threads[t], &of_thread);
        nanos += *(double *)of_thread;
        free(of_thread);
    }
    printf("C: %ld calls from %d threads, %.3f us of processor time a call\n", calls, THREADS, nanos / 1000 / (double)calls);
    for (size_t n = 0; n < name_count; n++) free(names[n]);
    free(names);
    free(expected);
    return interdict_free(screener) != INTERDICT_OK;
}
